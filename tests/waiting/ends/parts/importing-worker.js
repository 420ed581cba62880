// Loads a script that comes late, and answers with what it defines.
importScripts("/d?ms=400&type=js&body=self.value=3");
postMessage(self.value);
