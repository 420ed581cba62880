// Asks for the same answer every 300 ms.
setInterval(() => fetch("/d?body=same"), 300);
