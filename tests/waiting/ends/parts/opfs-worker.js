// Writes a file of the origin's private file system with a synchronous handle, and answers.
(async () => {
  const name = `worker-opfs-${Math.random()}`;
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle(name, { create: true });
  const handle = await file.createSyncAccessHandle();
  for (let count = 0; count < 50; count++) handle.write(new Uint8Array(10000), { at: count * 10000 });
  handle.flush();
  const size = handle.getSize();
  handle.close();
  await folder.removeEntry(name);
  postMessage(size);
})();
