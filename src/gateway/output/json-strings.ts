/** Whether a place in JSON text that comes in pieces lies inside a string. Linear; one pass, each character once. */
export class JsonStrings {
  private isInside = false;
  private isEscaped = false;

  /** Takes note of the next characters. */
  feed(text: string): void {
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (this.isEscaped) this.isEscaped = false;
      else if (code === BACKSLASH && this.isInside) this.isEscaped = true;
      else if (code === QUOTE) this.isInside = !this.isInside;
    }
  }

  /**
   * JSON text for `mark` in the place of `value`: what delimits strings stays, and a number becomes a string.
   * @param value what stood at this place, a part of the JSON text
   */
  replace(value: string, mark: string): string {
    let out = "";
    let isMarked = false;
    for (const piece of value.split(/(\\.|["{}[\]:,])/)) {
      const isStructure = piece !== "" && (piece.startsWith("\\") || /^["{}[\]:,]$/.test(piece));
      if (isStructure) {
        // Inside a string everything but the quotes belongs to the value.
        if (!this.isInside || piece === '"') {
          out += piece;
          isMarked = false;
        }
        this.feed(piece);
        continue;
      }
      if (piece.trim() !== "" && !isMarked) {
        out += this.isInside ? mark : JSON.stringify(mark);
        isMarked = true;
      }
      this.feed(piece);
    }
    return out;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
