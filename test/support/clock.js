// node --import clock.js: the process takes BELL_NOW (an ISO instant) for the time of its start. Its clock runs on from there.
const offset = Date.parse(process.env.BELL_NOW) - Date.now();
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(RealDate.now() + offset);
    else super(...values);
  }
  static now() {
    return RealDate.now() + offset;
  }
};
