// Money as people type it, checked as text: never a binary fraction on its way to the ledger.

const DIGITS = /[０-９]/g;
const MOST = /^\d{1,10}(\.\d{1,2})?$/;

// "12.50" for “１２．５”, “1,234.5” or “12.50 元”; null for nothing; undefined for what is no amount of yuan and fen.
export function money(typed) {
  const plain = typed
    .replace(DIGITS, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, ".")
    .replace(/[\s,，￥¥元]/g, "");
  if (!plain) return null;
  if (!MOST.test(plain)) return undefined;
  const [yuan, fen = ""] = plain.split(".");
  return `${yuan.replace(/^0+(?=\d)/, "")}.${fen.padEnd(2, "0")}`;
}
