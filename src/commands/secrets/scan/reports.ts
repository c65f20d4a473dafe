// What a scan needs only where a report is read or written: a chunk of its own, since most scans are a hook's.
export { deliver, projectHere } from "../../reporting/deliver.ts";
export { readReport } from "../../reporting/read-report.ts";
export { parseReporters } from "../../reporting/request.ts";
