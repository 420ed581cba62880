// Puts 300 records into a database of its own, counts them, and answers.
const name = `worker-indexeddb-${Math.random()}`;
const open = indexedDB.open(name);
open.onupgradeneeded = () => open.result.createObjectStore("records", { autoIncrement: true });
open.onsuccess = () => {
  const transaction = open.result.transaction("records", "readwrite");
  for (let count = 0; count < 300; count++) transaction.objectStore("records").add({ count });
  transaction.oncomplete = () => {
    const count = open.result.transaction("records").objectStore("records").count();
    count.onsuccess = () => {
      postMessage(count.result);
      open.result.close();
      indexedDB.deleteDatabase(name);
    };
  };
};
