// A finished snap report (or one that was begun) in the phone's database, by the page's own modules.
async ({ words, photos, daysAgo, owner, name, draft }) => {
  const use = (module) =>
    import(
      performance
        .getEntriesByType("resource")
        .map((entry) => entry.name)
        .find((url) => new RegExp(`/static/field/${module}\\.([0-9a-f]+\\.)?js`).test(url))
    );
  const [store, outbox] = await Promise.all(["store", "outbox"].map(use));
  const { v: day } = await store.get("ref", "bootstrap");
  const hex = (buffer) => [...new Uint8Array(buffer)].map((each) => each.toString(16).padStart(2, "0")).join("");
  const at = (minutes) => new Date(Date.now() - daysAgo * 86400000 - minutes * 60000).toISOString();
  const cid = crypto.randomUUID();
  const whose = owner ?? day.uid;
  const cids = [];
  for (let n = 0; n < photos; n += 1) {
    const canvas = new OffscreenCanvas(320, 240);
    const context = canvas.getContext("2d");
    for (let spot = 0; spot < 60; spot += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 60% 50%)`;
      context.fillRect(Math.random() * 320, Math.random() * 240, 60, 60);
    }
    const bytes = await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })).arrayBuffer();
    const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
    cids.push(crypto.randomUUID());
    const row = { cid: cids[n], parent: cid, owner: whose, bytes, type: "image/jpeg", w: 320, h: 240, sha256 };
    await store.put("photos", { ...row, taken: at(5), sent: 0, what: "finding" });
  }
  const finding = {
    uuid: crypto.randomUUID(), item: null, category: day.categories[0].code, phrase: words, note: "", t: at(6),
    grade: "general", place: "东楼二层", point: null, fixed: false, photos: cids, after: [],
  };
  const common = { kind: "snap", owner: whose, school: day.school.pk, started: at(8), findings: [finding] };
  if (draft) await store.put("drafts", { ...common, cid });
  else {
    await outbox.enqueue({
      draft: { ...common, cid }, record: { ...common, finished: at(4) }, photos: cids, title: `随手拍 ${words}`,
    });
    if (name) await store.put("queue", { ...(await store.get("queue", cid)), name });
  }
  return cid;
}
