// The page around the networks: what is shown, and what happens when something is touched.
const model = new Model(JSON.parse(document.getElementById('data').textContent));
const { data } = model, { latents } = data;
const byId = (id) => document.getElementById(id);
const isNumber = (latent) => !latent.categories;

/** The latents in use, those first that tell most; and the others. */
const order = latents.map((_, i) => i).sort((a, b) => (latents[b].divergence ?? 0) - (latents[a].divergence ?? 0));
const active = order.filter((i) => latents[i].isActive), idle = order.filter((i) => !latents[i].isActive);
const numbers = [...active, ...idle].filter((i) => isNumber(latents[i]));

/** What the sliders say. */
const state = { code: middle(), draw: 0, image: null };

/** A code in the middle of those of the images: their mean; of a generator zeros, the middle of what its codes are drawn from. */
function middle() {
  if (data.noises.length > 0) return latents.map(() => 0);
  return latents.map((_, i) => {
    let sum = 0;
    for (let image = 0; image < model.count; image++) sum += model.codes[image * latents.length + i];
    return sum / model.count;
  });
}

// MARK: Pictures

/** Draws pixels of 0…1 into a canvas, a place of it for each. */
function draw(canvas, pixels, x = 0) {
  const { height, width, planes } = model, context = canvas.getContext('2d');
  const picture = context.createImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    for (let plane = 0; plane < 3; plane++) {
      picture.data[4 * i + plane] = 255 * pixels[i * planes + (planes === 3 ? plane : 0)] + 0.5;
    }
    picture.data[4 * i + 3] = 255;
  }
  context.putImageData(picture, x, 0);
}

function sized(canvas, width, height) {
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

const sheet = new Image();
const sheetReady = new Promise((done) => { sheet.onload = done; });
sheet.src = data.sheet.address;

/** Draws an image of the map's. */
function drawImage(context, image, x, y, width, height) {
  const column = image % data.sheet.columns, row = Math.floor(image / data.sheet.columns);
  context.drawImage(sheet, column * model.width, row * model.height, model.width, model.height, x, y, width, height);
}

// MARK: Sliders

const controls = new Map();

function makeSliders() {
  for (const i of active) byId('sliders').append(slider(i));
  // Where none is in use, all are shown.
  const aside = active.length > 0 ? idle : [];
  for (const i of idle) byId(aside.length > 0 ? 'idle' : 'sliders').append(slider(i));
  byId('others').hidden = aside.length === 0;
  byId('others').querySelector('summary').textContent =
    `${idle.length} ${idle.length === 1 ? 'latent' : 'latents'} not in use`;
}

function slider(i) {
  const latent = latents[i], row = element('div', 'latent');
  row.append(element('span', 'name', latent.name));
  if (isNumber(latent)) {
    const range = input('range', latent), box = input('number', latent);
    range.setAttribute('aria-label', `${latent.name}, ${latent.words}`);
    box.setAttribute('aria-label', `the number of ${latent.name}`);
    for (const field of [range, box]) {
      field.addEventListener('input', () => { if (field.value !== '') change(i, Number(field.value)); });
    }
    controls.set(i, [range, box]);
    row.append(range, box);
  } else {
    const choice = element('select');
    choice.setAttribute('aria-label', `${latent.name}, ${latent.words}`);
    for (let category = 0; category < latent.categories; category++) choice.append(new Option(String(category)));
    choice.addEventListener('change', () => change(i, Number(choice.value)));
    controls.set(i, [choice]);
    row.append(choice);
  }
  const tells = latent.divergence === undefined ? '' : ` · KL ${latent.divergence.toFixed(2)} nats`;
  row.append(element('span', 'words', latent.words + tells));
  return row;
}

function input(type, latent) {
  const field = element('input');
  Object.assign(field, { type, step: 'any' });
  if (type === 'range') Object.assign(field, { min: latent.lower, max: latent.upper, step: (latent.upper - latent.lower) / 200 });
  return field;
}

function element(name, className = '', text = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

// MARK: What is shown

function change(i, value) {
  const code = state.code.slice();
  code[i] = value;
  show(code);
}

/** Shows a code everywhere; the rest follows when nothing moves. */
function show(code, told = '') {
  state.code = code;
  const start = performance.now();
  draw(byId('image'), model.decode(code, state.draw));
  state.milliseconds = performance.now() - start;
  for (const [i, fields] of controls) {
    for (const field of fields) if (field !== document.activeElement || field.type !== 'number') field.value = shownNumber(code[i]);
  }
  byId('script').value = script();
  byId('status').textContent = told;
  later();
}

const shownNumber = (value) => String(Math.round(value * 1000) / 1000);

/** The code as a script. */
function script() {
  const code = state.code.map(shownNumber).join(', ');
  const call = data.noises.length === 0 ? '' : ', with the noise of the first draw';
  return `# '${data.variable}' is the model of the page: ${data.title.replace(/\s+/g, ' ')}${call}\nimage = decode ${data.variable} [${code}]\nshow image\n`
    + (data.noises.length === 0 ? `show (sweep ${data.variable} from [${code}])\n` : '');
}

let waiting, work = 0;

function later() {
  const now = ++work;
  clearTimeout(waiting);
  waiting = setTimeout(() => { drawMap(); drawStrips(now); }, 120);
}

// MARK: Strips

const frames = 9, strips = [];

function makeStrips() {
  const rows = active.length > 0 ? active : order;
  for (const i of rows) {
    const row = element('div', 'strip'), canvas = element('canvas');
    const values = isNumber(latents[i])
      ? Array.from({ length: frames }, (_, k) => latents[i].lower + (latents[i].upper - latents[i].lower) * k / (frames - 1))
      : Array.from({ length: latents[i].categories }, (_, k) => k);
    sized(canvas, values.length * (model.width + 1) - 1, model.height);
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `${latents[i].name} over its range: ${latents[i].words}`);
    canvas.addEventListener('click', (event) => {
      const place = Math.floor(event.offsetX / canvas.clientWidth * values.length);
      change(i, values[Math.min(values.length - 1, Math.max(0, place))]);
    });
    strips.push({ i, canvas, values });
    row.append(element('span', 'name', latents[i].name), canvas);
    byId('strips').append(row);
  }
}

/** Draws the strips a frame at a time, so that a slider that is moved meanwhile is answered at once. */
async function drawStrips(now) {
  for (const { i, canvas, values } of strips) {
    for (const [k, value] of values.entries()) {
      await new Promise((next) => setTimeout(next));
      if (now !== work) return;
      const code = state.code.slice();
      code[i] = value;
      draw(canvas, model.decode(code, state.draw), k * (model.width + 1));
    }
  }
  state.isSettled = now;
}

// MARK: The map

const colors = ['#1f77b4', '#e6820e', '#2a9d3a', '#d6342c', '#8a5cc2', '#8c564b', '#d564b0', '#7f7f7f', '#a5a62b', '#17a5b8'];
const map = { canvas: byId('map'), margin: 44 };

function makeMap() {
  for (const [id, chosen] of [['across', 0], ['up', 1]]) {
    for (const i of numbers) byId(id).append(new Option(latents[i].name, i));
    byId(id).selectedIndex = Math.min(chosen, numbers.length - 1);
    byId(id).addEventListener('change', drawMap);
  }
  if (numbers.length === 0) byId('map-section').hidden = true;
  for (const property of data.properties) byId('color').append(new Option(property.name));
  byId('color').append(new Option('none'));
  byId('color').addEventListener('change', drawMap);
  byId('color-label').hidden = data.properties.length === 0;
  byId('thumbnails').addEventListener('change', drawMap);
  addEventListener('resize', drawMap);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawMap);
  listenToMap();
}

const axes = () => [Number(byId('across').value), Number(byId('up').value)];

/** The ends of an axis: all codes, and the present one. */
function ends(i) {
  let [low, high] = [state.code[i], state.code[i]];
  for (let image = 0; image < model.count; image++) {
    const value = model.codes[image * latents.length + i];
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const margin = 0.08 * (high - low || 1);
  return [low - margin, high + margin];
}

function drawMap() {
  if (numbers.length === 0) return;
  const { canvas, margin } = map, scale = devicePixelRatio || 1;
  const width = canvas.clientWidth, height = Math.max(220, Math.round(width * 0.72));
  canvas.style.height = `${height}px`;
  sized(canvas, width * scale, height * scale);
  const context = canvas.getContext('2d'), style = getComputedStyle(document.documentElement);
  context.scale(scale, scale);
  const [across, up] = axes(), [left, right] = ends(across), [bottom, top] = ends(up);
  map.place = (x, y) => [margin + (x - left) / (right - left) * (width - 2 * margin), height - margin - (y - bottom) / (top - bottom) * (height - 2 * margin)];
  map.value = (px, py) => [left + (px - margin) / (width - 2 * margin) * (right - left), bottom + (height - margin - py) / (height - 2 * margin) * (top - bottom)];
  const text = style.getPropertyValue('--quiet').trim();
  Object.assign(context, { fillStyle: text, font: '12px system-ui, sans-serif', textAlign: 'center', textBaseline: 'alphabetic' });
  const line = style.getPropertyValue('--line').trim();
  for (const [value, label] of ticks(left, right)) {
    const [x] = map.place(value, bottom);
    context.fillStyle = line;
    context.fillRect(Math.round(x), margin, 1, height - 2 * margin);
    context.fillStyle = text;
    context.fillText(label, x, height - margin + 14);
  }
  context.textAlign = 'right';
  for (const [value, label] of ticks(bottom, top)) {
    const [, y] = map.place(left, value);
    context.fillStyle = line;
    context.fillRect(margin, Math.round(y), width - 2 * margin, 1);
    context.fillStyle = text;
    context.fillText(label, margin - 5, y + 4);
  }
  context.fillText(latents[across].name, width - margin, height - 6);
  context.textAlign = 'left';
  context.fillText(latents[up].name, 6, 16);
  const colorOf = colouring();
  const side = Math.max(14, Math.min(28, width / 26));
  for (let image = 0; image < model.count; image++) {
    const [x, y] = map.place(...point(image));
    if (byId('thumbnails').checked) {
      const w = side * model.width / Math.max(model.width, model.height), h = side * model.height / Math.max(model.width, model.height);
      drawImage(context, image, x - w / 2, y - h / 2, w, h);
      Object.assign(context, { strokeStyle: colorOf(image), lineWidth: 1.5 });
      context.strokeRect(x - w / 2, y - h / 2, w, h);
    } else {
      disc(context, x, y, 3, colorOf(image));
    }
  }
  const [x, y] = map.place(state.code[across], state.code[up]);
  Object.assign(context, { strokeStyle: style.getPropertyValue('--text').trim(), lineWidth: 2 });
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.moveTo(x - 13, y);
  context.lineTo(x + 13, y);
  context.moveTo(x, y - 13);
  context.lineTo(x, y + 13);
  context.stroke();
}

/** Four to nine round numbers between two, each with its text. */
function ticks(low, high) {
  const size = 10 ** Math.floor(Math.log10(high - low)), step = [0.2, 0.5, 1, 2].map((k) => k * size).find((s) => (high - low) / s <= 9) ?? size;
  const found = [];
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step))));
  for (let k = Math.ceil(low / step); k * step <= high; k++) found.push([k * step, String(Number((k * step).toFixed(decimals)))]);
  return found;
}

function disc(context, x, y, radius, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** The two numbers of an image on the map. */
function point(image) {
  const [across, up] = axes(), start = image * latents.length;
  return [model.codes[start + across], model.codes[start + up]];
}

/** The colour of each image by what is chosen, whose legend is written. */
function colouring() {
  const property = data.properties[byId('color').selectedIndex], legend = byId('legend');
  legend.replaceChildren();
  if (!property) return () => colors[0];
  const known = property.values.filter((value) => value !== null), distinct = [...new Set(known)].sort((a, b) => a - b);
  if (property.classes || distinct.length <= colors.length) {
    for (const [k, value] of distinct.entries()) legend.append(entry(colors[k % colors.length], property.classes?.[value] ?? String(value)));
    return (image) => (property.values[image] === null ? '#888' : colors[distinct.indexOf(property.values[image]) % colors.length]);
  }
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const color = (value) => `hsl(${260 - 220 * (value - low) / (high - low || 1)} 70% 50%)`;
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const value = low + share * (high - low);
    legend.append(entry(color(value), String(Number(value.toPrecision(3)))));
  }
  return (image) => (property.values[image] === null ? '#888' : color(property.values[image]));
}

function entry(color, text) {
  const row = element('div'), mark = element('i');
  mark.style.background = color;
  row.append(mark, text);
  return row;
}

function listenToMap() {
  const { canvas } = map;
  let start = null, isDrag = false;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener('pointerdown', (event) => {
    [start, isDrag] = [at(event), false];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!start) return;
    const [x, y] = at(event);
    isDrag = isDrag || Math.hypot(x - start[0], y - start[1]) > 4;
    if (isDrag) { moveTo(...map.value(x, y)); drawMap(); }
  });
  canvas.addEventListener('pointerup', (event) => {
    if (start && !isDrag) take(nearest(...map.value(...at(event))));
    start = null;
  });
  canvas.addEventListener('keydown', (event) => {
    const [across, up] = axes(), step = (i) => (latents[i].upper - latents[i].lower) / 40;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const move = moves[event.key];
    if (move) moveTo(state.code[across] + move[0] * step(across), state.code[up] + move[1] * step(up));
    else if (event.key === 'Enter') take(nearest(state.code[across], state.code[up]));
    else return;
    event.preventDefault();
  });
}

function moveTo(x, y) {
  const code = state.code.slice(), [across, up] = axes();
  [code[across], code[up]] = [x, y];
  show(code);
}

function nearest(x, y) {
  const [px, py] = map.place(x, y);
  let best = 0, least = Infinity;
  for (let image = 0; image < model.count; image++) {
    const [a, b] = map.place(...point(image)), distance = Math.hypot(a - px, b - py);
    if (distance < least) [best, least] = [image, distance];
  }
  return best;
}

/** Takes the code of an image. */
function take(image) {
  const place = data.places ? `, number ${data.places[image]} of the dataset` : '';
  show(model.code(image), `image ${image}${place}${described(image)}`);
}

function described(image) {
  return data.properties.map(({ name, values, classes }) => {
    const value = values[image];
    return value === null ? '' : `, ${name} ${classes?.[value] ?? Number(value.toPrecision(4))}`;
  }).join('');
}

// MARK: Blend

function makeBlend() {
  if (model.count < 2) { byId('blend-section').hidden = true; return; }
  for (const id of ['first', 'second']) {
    byId(id).max = model.count - 1;
    byId(id).addEventListener('change', () => { drawEnds(); blend(); });
    sized(byId(`${id}-image`), model.width, model.height);
  }
  byId('blend').addEventListener('input', blend);
  sheetReady.then(drawEnds);
}

const end = (id) => Math.min(model.count - 1, Math.max(0, Math.round(Number(byId(id).value)) || 0));

function drawEnds() {
  for (const id of ['first', 'second']) drawImage(byId(`${id}-image`).getContext('2d'), end(id), 0, 0, model.width, model.height);
}

function blend() {
  const share = Number(byId('blend').value), [from, to] = [model.code(end('first')), model.code(end('second'))];
  const code = from.map((value, i) => (isNumber(latents[i]) ? value + share * (to[i] - value) : share < 0.5 ? value : to[i]));
  show(code, `${Math.round(100 * share)} % of the way from image ${end('first')} to image ${end('second')}`);
}

// MARK: The pad

const pad = { size: 280, isDrawn: false };

/** What is drawn is read again and again. */
const padContext = () => byId('pad').getContext('2d', { willReadFrequently: true });

function makePad() {
  byId('pad-section').hidden = !data.encoder && !data.whyNoPad;
  if (!data.encoder) {
    byId('pad').hidden = byId('seen').hidden = byId('clear').hidden = true;
    byId('pad-note').textContent = `${data.whyNoPad[0].toUpperCase()}${data.whyNoPad.slice(1)}.`;
    return;
  }
  const canvas = sized(byId('pad'), pad.size, pad.size);
  sized(byId('seen'), model.width, model.height);
  byId('pad-note').textContent = isDigitSized()
    ? 'White on black. Before it is encoded, the drawing is scaled into 20×20 pixels and put with its centre of mass into the middle, as MNIST’s digits are.'
    : 'White on black; the drawing is made as small as the model’s images.';
  byId('clear').addEventListener('click', clearPad);
  let last = null;
  const at = (event) => [event.offsetX / canvas.clientWidth * pad.size, event.offsetY / canvas.clientHeight * pad.size];
  canvas.addEventListener('pointerdown', (event) => { last = at(event); canvas.setPointerCapture(event.pointerId); stroke(last, last); });
  canvas.addEventListener('pointermove', (event) => {
    if (!last) return;
    const next = at(event);
    stroke(last, next);
    last = next;
  });
  canvas.addEventListener('pointerup', () => { last = null; encodePad(); });
  clearPad();
}

const isDigitSized = () => model.width === 28 && model.height === 28;

function clearPad() {
  const context = padContext();
  Object.assign(context, { fillStyle: '#000' });
  context.fillRect(0, 0, pad.size, pad.size);
  byId('seen').getContext('2d').clearRect(0, 0, model.width, model.height);
}

function stroke([x, y], [a, b]) {
  const context = padContext();
  Object.assign(context, { strokeStyle: '#fff', lineWidth: pad.size / 13, lineCap: 'round' });
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(a, b + 0.01);
  context.stroke();
}

function encodePad() {
  const pixels = padPixels();
  if (!pixels) return;
  draw(byId('seen'), pixels);
  show(model.encode(pixels), 'the drawing');
}

/** The drawing as the encoder reads it; null where nothing is drawn. */
function padPixels() {
  const { width, height } = model, small = sized(document.createElement('canvas'), width, height);
  const context = small.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  context.fillRect(0, 0, width, height);
  if (isDigitSized()) {
    const box = inkBox();
    if (!box) return null;
    const scale = 20 / Math.max(box.width, box.height);
    const put = (dx, dy) => {
      context.fillRect(0, 0, width, height);
      context.drawImage(byId('pad'), box.x, box.y, box.width, box.height, dx, dy, box.width * scale, box.height * scale);
    };
    const [x, y] = [(width - box.width * scale) / 2, (height - box.height * scale) / 2];
    put(x, y);
    const [cx, cy] = centre(grey(context));
    put(x + width / 2 - cx, y + height / 2 - cy);
  } else {
    context.drawImage(byId('pad'), 0, 0, width, height);
  }
  return grey(context);
}

function grey(context) {
  const { data: bytes } = context.getImageData(0, 0, model.width, model.height);
  return Float32Array.from({ length: model.width * model.height }, (_, i) => bytes[4 * i] / 255);
}

function centre(pixels) {
  let sum = 0, x = 0, y = 0;
  pixels.forEach((value, i) => {
    sum += value;
    x += value * (i % model.width + 0.5);
    y += value * (Math.floor(i / model.width) + 0.5);
  });
  return [x / sum, y / sum];
}

/** The rectangle of what is drawn. */
function inkBox() {
  const { data: bytes } = padContext().getImageData(0, 0, pad.size, pad.size);
  let [left, top, right, bottom] = [pad.size, pad.size, -1, -1];
  for (let i = 0; i < pad.size * pad.size; i++) if (bytes[4 * i] > 40) {
    const x = i % pad.size, y = Math.floor(i / pad.size);
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

// MARK: Buttons

/** A number of the standard normal distribution (Box and Muller 1958). */
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

function randomCode() {
  if (data.noises.length > 0) {
    return latents.map((latent) => (isNumber(latent) ? 2 * Math.random() - 1 : Math.floor(Math.random() * latent.categories)));
  }
  if (!data.isVariational) return model.code(Math.floor(Math.random() * model.count));
  return latents.map(normal);
}

function makeButtons() {
  byId('reset').addEventListener('click', () => show(middle()));
  byId('random').addEventListener('click', () => show(randomCode()));
  byId('save').addEventListener('click', () => {
    const link = element('a');
    link.download = 'decoded.png';
    link.href = byId('image').toDataURL('image/png');
    link.click();
  });
  byId('copy').addEventListener('click', async () => {
    byId('script').select();
    const isCopied = await navigator.clipboard?.writeText(script()).then(() => true, () => false) || document.execCommand('copy');
    byId('status').textContent = isCopied ? 'copied' : 'the script is selected; Ctrl-C copies it';
  });
  if (data.noises.length > 0) {
    byId('noise-label').hidden = false;
    data.noises.forEach((_, k) => byId('noise').append(new Option(`draw ${k + 1}`, k)));
    byId('noise').addEventListener('change', () => {
      state.draw = Number(byId('noise').value);
      show(state.code);
    });
  }
}

function about() {
  const parts = data.components.length === 0 ? ''
    : ` The widest ${data.components.length === 1 ? 'layer is' : 'layers are'} kept as ${data.components.join(' and ')} principal components.`;
  const pixels = (data.error * 255).toFixed(2);
  byId('about').textContent = `${data.subject} Images decoded here differ from those of bvae-script’s 'decode' by at most ${pixels} of 255 in any pixel, over codes that had no part in making the page.${parts}`;
}

sized(byId('image'), model.width, model.height);
about();
makeSliders();
makeStrips();
makeMap();
makeBlend();
makePad();
makeButtons();
show(state.code);
sheetReady.then(drawMap);
