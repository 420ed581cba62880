// Loads a module that comes late, and answers.
import { value } from "/d?ms=300&type=js&body=export+const+value=7";
postMessage(value);
