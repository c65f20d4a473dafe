// node check-peer.mjs URL COUNT LANES: the same requests by undici alone, each body parsed; nothing is judged.
import { Agent, request } from "undici";

const [url, count, lanes] = process.argv.slice(2);
const dispatcher = new Agent({ connections: Number(lanes) });
let next = 0;
const lane = async () => {
  while (next < Number(count)) {
    const { body } = await request(`${url}x${next++}`, { dispatcher });
    JSON.parse(await body.text());
  }
};
await Promise.all(Array.from({ length: Number(lanes) }, lane));
await dispatcher.close();
