// Where the vector tiles come from: counts what is under way, and turns a failed tile into one event instead of many errors.

/** A source for protomaps-leaflet (it asks `getZxy`) over a TileJSON document; `onTrouble(failed)` after each answer. */
export class TileSource {
  constructor(tilejson, onTrouble) {
    this.address = tilejson.tiles[0];
    this.onTrouble = onTrouble;
  }

  async getZxy(z, x, y, signal) {
    const address = this.address.replace("{z}", z).replace("{x}", x).replace("{y}", y);
    let answer;
    try {
      answer = await fetch(address, { signal });
      if (!answer.ok) throw new Error(`${answer.status} ${address}`);
      const data = answer.status === 204 ? null : await answer.arrayBuffer();
      this.onTrouble(false);
      return data?.byteLength ? { data } : undefined;
    } catch (problem) {
      if (problem.name !== "AbortError") this.onTrouble(true);
      // The library forgets an aborted tile and asks again; any other failure it would keep as an empty one.
      throw new DOMException("The tile did not come.", "AbortError");
    }
  }
}
