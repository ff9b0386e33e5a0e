/* Photos: shrinks them in the browser before they are sent (1600 px, JPEG), lists them with size, lets one be
   taken out. input[type=file][data-photos] or [data-photo]. What cannot be read stays as it is: the server decides. */
(function () {
  "use strict";

  const LONGEST_SIDE = 1600;
  const QUALITY = 0.82;
  const SMALL_ENOUGH = 600 * 1024;
  const chosen = new WeakMap();

  function sizeWords(bytes) {
    if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
    return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
  }

  function toJpeg(canvas) {
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }

  /** A smaller copy of a photo, or the file itself when it is small or cannot be drawn. */
  async function shrink(file) {
    if (!file.type.startsWith("image/") || file.type === "image/svg+xml") return file;
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return file; // HEIC and the like: this browser cannot draw it
    }
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= SMALL_ENOUGH) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await toJpeg(canvas);
    if (!blob || blob.size >= file.size) return file;
    const name = file.name.replace(/\.[^.]+$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  }

  function listOf(input) {
    let list = document.getElementById(`${input.id}-files`);
    if (!list) {
      list = document.createElement("ul");
      list.id = `${input.id}-files`;
      list.className = "file-list";
      list.setAttribute("aria-live", "polite");
      (input.closest(".d-flex") || input).after(list);
    }
    return list;
  }

  function line(input, file, index) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.className = "file-name";
    name.textContent = file.name;
    const size = document.createElement("span");
    size.className = "small-note";
    size.textContent = sizeWords(file.size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn btn-sm btn-outline-primary";
    remove.textContent = "Bỏ";
    remove.setAttribute("aria-label", `Bỏ ${file.name}`);
    remove.addEventListener("click", () => {
      put(input, chosen.get(input).filter((_, at) => at !== index));
      input.focus();
    });
    row.append(name, size, remove);
    return row;
  }

  function put(input, files) {
    const holder = new DataTransfer();
    files.forEach((file) => holder.items.add(file));
    input.files = holder.files;
    chosen.set(input, files);
    listOf(input).replaceChildren(...files.map((file, index) => line(input, file, index)));
  }

  async function take(input) {
    const earlier = input.multiple ? chosen.get(input) || [] : [];
    const fresh = [...input.files];
    const note = document.createElement("li");
    note.className = "small-note";
    note.textContent = "Đang thu nhỏ ảnh …";
    listOf(input).append(note);
    const small = [];
    // One after the other: a phone has no memory for ten photos at once.
    for (const file of fresh) small.push(await shrink(file));
    put(input, [...earlier, ...small]);
  }

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.matches('input[type="file"][data-photos], input[type="file"][data-photo]')) take(input);
  });
})();
