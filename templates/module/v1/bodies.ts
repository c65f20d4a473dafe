// What the API's own document says of request bodies. Types only: nothing
// checks them at run time, and nothing of them is in the built app.

/* integ:value bodies */
export interface CreateThingBody {
  name: string;
}
/* integ:end */
