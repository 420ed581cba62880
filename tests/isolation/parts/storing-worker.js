const request = indexedDB.open("left", 1);
request.onsuccess = () => postMessage("done");
