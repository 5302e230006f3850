// A picture that is larger than its place needs is made smaller before it is sent: quicker on a phone, and what only
// this browser can read (HEIC) arrives as JPEG. Without this, or where it fails, the file goes as it is.
addEventListener("change", async ({target}) => {
  const [file] = target.matches?.("[data-smaller]") ? target.files : [];
  if (!file || file.size < 300_000) return;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 768 / Math.min(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = picture.width * scale;
    canvas.height = picture.height * scale;
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    if (target.files[0] !== file || !blob) return;
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], "picture.jpg", {type: blob.type}));
    target.files = chosen.files;
  } catch { /* the server says what is wrong with it */ }
});

// A colour can be picked as well as typed.
for (const picker of document.querySelectorAll("[data-picks]")) {
  const typed = document.getElementById(picker.dataset.picks);
  const take = () => { if (/^#[0-9a-f]{6}$/i.test(typed.value)) picker.value = typed.value; };
  picker.hidden = false;
  picker.oninput = () => { typed.value = picker.value; };
  typed.addEventListener("input", take);
  take();
}
