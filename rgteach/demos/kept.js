// What a notebook keeps of something live (kept.py) is not seen while the live one is; gives back what ends that.
function hidesKept(model) {
  const style = document.createElement("style");
  style.textContent = `.rgteach-kept[data-of="${model.get("key")}"] { display: none; }`;
  document.head.append(style);
  return () => style.remove();
}
