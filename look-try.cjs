const __u=require('node:url').pathToFileURL('/work/wt/look/test/rig/root.ts').href;
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// node_modules/write-file-atomic/node_modules/signal-exit/dist/cjs/signals.js
var require_signals = __commonJS({
  "node_modules/write-file-atomic/node_modules/signal-exit/dist/cjs/signals.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.signals = void 0;
    exports2.signals = [];
    exports2.signals.push("SIGHUP", "SIGINT", "SIGTERM");
    if (process.platform !== "win32") {
      exports2.signals.push(
        "SIGALRM",
        "SIGABRT",
        "SIGVTALRM",
        "SIGXCPU",
        "SIGXFSZ",
        "SIGUSR2",
        "SIGTRAP",
        "SIGSYS",
        "SIGQUIT",
        "SIGIOT"
        // should detect profiler and enable/disable accordingly.
        // see #21
        // 'SIGPROF'
      );
    }
    if (process.platform === "linux") {
      exports2.signals.push("SIGIO", "SIGPOLL", "SIGPWR", "SIGSTKFLT");
    }
  }
});

// node_modules/write-file-atomic/node_modules/signal-exit/dist/cjs/index.js
var require_cjs = __commonJS({
  "node_modules/write-file-atomic/node_modules/signal-exit/dist/cjs/index.js"(exports2) {
    "use strict";
    var _a2;
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.unload = exports2.load = exports2.onExit = exports2.signals = void 0;
    var signals_js_1 = require_signals();
    Object.defineProperty(exports2, "signals", { enumerable: true, get: function() {
      return signals_js_1.signals;
    } });
    var processOk = (process4) => !!process4 && typeof process4 === "object" && typeof process4.removeListener === "function" && typeof process4.emit === "function" && typeof process4.reallyExit === "function" && typeof process4.listeners === "function" && typeof process4.kill === "function" && typeof process4.pid === "number" && typeof process4.on === "function";
    var kExitEmitter = /* @__PURE__ */ Symbol.for("signal-exit emitter");
    var global = globalThis;
    var ObjectDefineProperty = Object.defineProperty.bind(Object);
    var Emitter = class {
      emitted = {
        afterExit: false,
        exit: false
      };
      listeners = {
        afterExit: [],
        exit: []
      };
      count = 0;
      id = Math.random();
      constructor() {
        if (global[kExitEmitter]) {
          return global[kExitEmitter];
        }
        ObjectDefineProperty(global, kExitEmitter, {
          value: this,
          writable: false,
          enumerable: false,
          configurable: false
        });
      }
      on(ev, fn) {
        this.listeners[ev].push(fn);
      }
      removeListener(ev, fn) {
        const list2 = this.listeners[ev];
        const i = list2.indexOf(fn);
        if (i === -1) {
          return;
        }
        if (i === 0 && list2.length === 1) {
          list2.length = 0;
        } else {
          list2.splice(i, 1);
        }
      }
      emit(ev, code, signal) {
        if (this.emitted[ev]) {
          return false;
        }
        this.emitted[ev] = true;
        let ret = false;
        for (const fn of this.listeners[ev]) {
          ret = fn(code, signal) === true || ret;
        }
        if (ev === "exit") {
          ret = this.emit("afterExit", code, signal) || ret;
        }
        return ret;
      }
    };
    var SignalExitBase = class {
    };
    var signalExitWrap = (handler) => {
      return {
        onExit(cb, opts) {
          return handler.onExit(cb, opts);
        },
        load() {
          return handler.load();
        },
        unload() {
          return handler.unload();
        }
      };
    };
    var SignalExitFallback = class extends SignalExitBase {
      onExit() {
        return () => {
        };
      }
      load() {
      }
      unload() {
      }
    };
    var SignalExit = class extends SignalExitBase {
      // "SIGHUP" throws an `ENOSYS` error on Windows,
      // so use a supported signal instead
      /* c8 ignore start */
      #hupSig = process3.platform === "win32" ? "SIGINT" : "SIGHUP";
      /* c8 ignore stop */
      #emitter = new Emitter();
      #process;
      #originalProcessEmit;
      #originalProcessReallyExit;
      #sigListeners = {};
      #loaded = false;
      constructor(process4) {
        super();
        this.#process = process4;
        this.#sigListeners = {};
        for (const sig of signals_js_1.signals) {
          this.#sigListeners[sig] = () => {
            const listeners = this.#process.listeners(sig);
            let { count } = this.#emitter;
            const p = process4;
            if (typeof p.__signal_exit_emitter__ === "object" && typeof p.__signal_exit_emitter__.count === "number") {
              count += p.__signal_exit_emitter__.count;
            }
            if (listeners.length === count) {
              this.unload();
              const ret = this.#emitter.emit("exit", null, sig);
              const s = sig === "SIGHUP" ? this.#hupSig : sig;
              if (!ret)
                process4.kill(process4.pid, s);
            }
          };
        }
        this.#originalProcessReallyExit = process4.reallyExit;
        this.#originalProcessEmit = process4.emit;
      }
      onExit(cb, opts) {
        if (!processOk(this.#process)) {
          return () => {
          };
        }
        if (this.#loaded === false) {
          this.load();
        }
        const ev = opts?.alwaysLast ? "afterExit" : "exit";
        this.#emitter.on(ev, cb);
        return () => {
          this.#emitter.removeListener(ev, cb);
          if (this.#emitter.listeners["exit"].length === 0 && this.#emitter.listeners["afterExit"].length === 0) {
            this.unload();
          }
        };
      }
      load() {
        if (this.#loaded) {
          return;
        }
        this.#loaded = true;
        this.#emitter.count += 1;
        for (const sig of signals_js_1.signals) {
          try {
            const fn = this.#sigListeners[sig];
            if (fn)
              this.#process.on(sig, fn);
          } catch (_) {
          }
        }
        this.#process.emit = (ev, ...a) => {
          return this.#processEmit(ev, ...a);
        };
        this.#process.reallyExit = (code) => {
          return this.#processReallyExit(code);
        };
      }
      unload() {
        if (!this.#loaded) {
          return;
        }
        this.#loaded = false;
        signals_js_1.signals.forEach((sig) => {
          const listener = this.#sigListeners[sig];
          if (!listener) {
            throw new Error("Listener not defined for signal: " + sig);
          }
          try {
            this.#process.removeListener(sig, listener);
          } catch (_) {
          }
        });
        this.#process.emit = this.#originalProcessEmit;
        this.#process.reallyExit = this.#originalProcessReallyExit;
        this.#emitter.count -= 1;
      }
      #processReallyExit(code) {
        if (!processOk(this.#process)) {
          return 0;
        }
        this.#process.exitCode = code || 0;
        this.#emitter.emit("exit", this.#process.exitCode, null);
        return this.#originalProcessReallyExit.call(this.#process, this.#process.exitCode);
      }
      #processEmit(ev, ...args) {
        const og = this.#originalProcessEmit;
        if (ev === "exit" && processOk(this.#process)) {
          if (typeof args[0] === "number") {
            this.#process.exitCode = args[0];
          }
          const ret = og.call(this.#process, ev, ...args);
          this.#emitter.emit("exit", this.#process.exitCode, null);
          return ret;
        } else {
          return og.call(this.#process, ev, ...args);
        }
      }
    };
    var process3 = globalThis.process;
    _a2 = signalExitWrap(processOk(process3) ? new SignalExit(process3) : new SignalExitFallback()), /**
     * Called when the process is exiting, whether via signal, explicit
     * exit, or running out of stuff to do.
     *
     * If the global process object is not suitable for instrumentation,
     * then this will be a no-op.
     *
     * Returns a function that may be used to unload signal-exit.
     */
    exports2.onExit = _a2.onExit, /**
     * Load the listeners.  Likely you never need to call this, unless
     * doing a rather deep integration with signal-exit functionality.
     * Mostly exposed for the benefit of testing.
     *
     * @internal
     */
    exports2.load = _a2.load, /**
     * Unload the listeners.  Likely you never need to call this, unless
     * doing a rather deep integration with signal-exit functionality.
     * Mostly exposed for the benefit of testing.
     *
     * @internal
     */
    exports2.unload = _a2.unload;
  }
});

// node_modules/write-file-atomic/lib/index.js
var require_lib = __commonJS({
  "node_modules/write-file-atomic/lib/index.js"(exports2, module2) {
    "use strict";
    module2.exports = writeFile;
    module2.exports.sync = writeFileSync;
    module2.exports._getTmpname = getTmpname;
    module2.exports._cleanupOnExit = cleanupOnExit;
    var fs9 = require("fs");
    var crypto = require("node:crypto");
    var { onExit } = require_cjs();
    var path9 = require("path");
    var { promisify } = require("util");
    var activeFiles = {};
    var threadId = (function getId() {
      try {
        const workerThreads = require("worker_threads");
        return workerThreads.threadId;
      } catch (e) {
        return 0;
      }
    })();
    var invocations = 0;
    function getTmpname(filename) {
      return filename + "." + crypto.createHash("sha1").update(__filename).update(String(process.pid)).update(String(threadId)).update(String(++invocations)).digest().readUInt32BE(0);
    }
    function cleanupOnExit(tmpfile) {
      return () => {
        try {
          fs9.unlinkSync(typeof tmpfile === "function" ? tmpfile() : tmpfile);
        } catch {
        }
      };
    }
    function serializeActiveFile(absoluteName) {
      return new Promise((resolve) => {
        if (!activeFiles[absoluteName]) {
          activeFiles[absoluteName] = [];
        }
        activeFiles[absoluteName].push(resolve);
        if (activeFiles[absoluteName].length === 1) {
          resolve();
        }
      });
    }
    function isChownErrOk(err2) {
      if (err2.code === "ENOSYS") {
        return true;
      }
      const nonroot = !process.getuid || process.getuid() !== 0;
      if (nonroot) {
        if (err2.code === "EINVAL" || err2.code === "EPERM") {
          return true;
        }
      }
      return false;
    }
    async function writeFileAsync(filename, data, options = {}) {
      if (typeof options === "string") {
        options = { encoding: options };
      }
      let fd;
      let tmpfile;
      const removeOnExitHandler = onExit(cleanupOnExit(() => tmpfile));
      const absoluteName = path9.resolve(filename);
      try {
        await serializeActiveFile(absoluteName);
        const truename = await promisify(fs9.realpath)(filename).catch(() => filename);
        tmpfile = getTmpname(truename);
        if (!options.mode || !options.chown) {
          const stats = await promisify(fs9.stat)(truename).catch(() => {
          });
          if (stats) {
            if (options.mode == null) {
              options.mode = stats.mode;
            }
            if (options.chown == null && process.getuid) {
              options.chown = { uid: stats.uid, gid: stats.gid };
            }
          }
        }
        fd = await promisify(fs9.open)(tmpfile, "w", options.mode);
        if (options.tmpfileCreated) {
          await options.tmpfileCreated(tmpfile);
        }
        if (ArrayBuffer.isView(data)) {
          await promisify(fs9.write)(fd, data, 0, data.length, 0);
        } else if (data != null) {
          await promisify(fs9.write)(fd, String(data), 0, String(options.encoding || "utf8"));
        }
        if (options.fsync !== false) {
          await promisify(fs9.fsync)(fd);
        }
        await promisify(fs9.close)(fd);
        fd = null;
        if (options.chown) {
          await promisify(fs9.chown)(tmpfile, options.chown.uid, options.chown.gid).catch((err2) => {
            if (!isChownErrOk(err2)) {
              throw err2;
            }
          });
        }
        if (options.mode) {
          await promisify(fs9.chmod)(tmpfile, options.mode).catch((err2) => {
            if (!isChownErrOk(err2)) {
              throw err2;
            }
          });
        }
        await promisify(fs9.rename)(tmpfile, truename);
      } finally {
        if (fd) {
          await promisify(fs9.close)(fd).catch(
            /* istanbul ignore next */
            () => {
            }
          );
        }
        removeOnExitHandler();
        await promisify(fs9.unlink)(tmpfile).catch(() => {
        });
        activeFiles[absoluteName].shift();
        if (activeFiles[absoluteName].length > 0) {
          activeFiles[absoluteName][0]();
        } else {
          delete activeFiles[absoluteName];
        }
      }
    }
    async function writeFile(filename, data, options, callback) {
      if (options instanceof Function) {
        callback = options;
        options = {};
      }
      const promise = writeFileAsync(filename, data, options);
      if (callback) {
        try {
          const result = await promise;
          return callback(result);
        } catch (err2) {
          return callback(err2);
        }
      }
      return promise;
    }
    function writeFileSync(filename, data, options) {
      if (typeof options === "string") {
        options = { encoding: options };
      } else if (!options) {
        options = {};
      }
      try {
        filename = fs9.realpathSync(filename);
      } catch (ex) {
      }
      const tmpfile = getTmpname(filename);
      if (!options.mode || !options.chown) {
        try {
          const stats = fs9.statSync(filename);
          options = Object.assign({}, options);
          if (!options.mode) {
            options.mode = stats.mode;
          }
          if (!options.chown && process.getuid) {
            options.chown = { uid: stats.uid, gid: stats.gid };
          }
        } catch (ex) {
        }
      }
      let fd;
      const cleanup = cleanupOnExit(tmpfile);
      const removeOnExitHandler = onExit(cleanup);
      let threw = true;
      try {
        fd = fs9.openSync(tmpfile, "w", options.mode || 438);
        if (options.tmpfileCreated) {
          options.tmpfileCreated(tmpfile);
        }
        if (ArrayBuffer.isView(data)) {
          fs9.writeSync(fd, data, 0, data.length, 0);
        } else if (data != null) {
          fs9.writeSync(fd, String(data), 0, String(options.encoding || "utf8"));
        }
        if (options.fsync !== false) {
          fs9.fsyncSync(fd);
        }
        fs9.closeSync(fd);
        fd = null;
        if (options.chown) {
          try {
            fs9.chownSync(tmpfile, options.chown.uid, options.chown.gid);
          } catch (err2) {
            if (!isChownErrOk(err2)) {
              throw err2;
            }
          }
        }
        if (options.mode) {
          try {
            fs9.chmodSync(tmpfile, options.mode);
          } catch (err2) {
            if (!isChownErrOk(err2)) {
              throw err2;
            }
          }
        }
        fs9.renameSync(tmpfile, filename);
        threw = false;
      } finally {
        if (fd) {
          try {
            fs9.closeSync(fd);
          } catch (ex) {
          }
        }
        removeOnExitHandler();
        if (threw) {
          cleanup();
        }
      }
    }
  }
});

// test/supervisor/rig.ts
var import_node_child_process3 = require("node:child_process");
var import_node_fs8 = __toESM(require("node:fs"), 1);
var import_node_os = __toESM(require("node:os"), 1);
var import_node_path8 = __toESM(require("node:path"), 1);

// src/base/result.ts
var ok = (value) => ({ ok: true, value });
var err = (error) => ({ ok: false, error });
var fail = (code, message, more = {}) => err({ code, message, ...more });

// src/evidence/git/repo.ts
var import_node_fs2 = __toESM(require("node:fs"), 1);
var import_node_path = __toESM(require("node:path"), 1);

// src/base/system-words.ts
var import_node_util = require("node:util");
function systemWords(error) {
  const { errno: errno2, code } = error ?? {};
  const known = errno2 === void 0 ? void 0 : (0, import_node_util.getSystemErrorMap)().get(errno2);
  return known?.[1] ?? code ?? "unknown error";
}

// src/base/read-file.ts
var import_node_fs = __toESM(require("node:fs"), 1);
function readFileSafe(file, options) {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = import_node_fs.default.constants;
  let fd;
  try {
    fd = import_node_fs.default.openSync(file, O_RDONLY | O_NONBLOCK | (options.follow ? 0 : O_NOFOLLOW));
  } catch (error) {
    return openFailure(file, error);
  }
  try {
    const stat = import_node_fs.default.fstatSync(fd);
    if (!stat.isFile()) return fail("not-regular", `${file} is not a regular file`);
    if (stat.size > options.maxBytes)
      return fail("too-large", `${file} has ${stat.size} bytes; at most ${options.maxBytes} are read`);
    const bytes = import_node_fs.default.readFileSync(fd);
    if (bytes.length > options.maxBytes)
      return fail("too-large", `${file} grew past ${options.maxBytes} bytes while it was read`);
    return ok(bytes);
  } catch (error) {
    return fail("io", `${file} could not be read: ${systemWords(error)}`);
  } finally {
    import_node_fs.default.closeSync(fd);
  }
}
function readTextSafe(file, options) {
  const bytes = readFileSafe(file, options);
  return bytes.ok ? ok(bytes.value.toString("utf8")) : bytes;
}
function openFailure(file, error) {
  const code = errno(error);
  if (code === "ENOENT" || code === "ENOTDIR") return fail("missing", `${file} does not exist`);
  if (code === "ELOOP") return fail("link", `${file} is a symbolic link`);
  if (code === "ENXIO") return fail("not-regular", `${file} is not a regular file`);
  if (code === "EACCES" || code === "EPERM") return fail("denied", `${file} may not be read`);
  return fail("io", `${file} could not be opened: ${code}`);
}
function errno(error) {
  return error?.code ?? "unknown";
}

// src/evidence/git/repo.ts
var SMALL = { maxBytes: 1 << 20 };
function findRepo(root) {
  let dir;
  try {
    dir = import_node_fs2.default.realpathSync(root);
  } catch {
    return null;
  }
  const start = dir;
  for (; ; ) {
    const repo = repoAt(dir);
    if (repo) return { ...repo, prefix: start === dir ? "" : `${import_node_path.default.relative(dir, start)}/` };
    const parent = import_node_path.default.dirname(dir);
    if (parent === dir) return null;
    dir = parent;
  }
}
function repoAt(top) {
  const gitDir = gitDirOf(import_node_path.default.join(top, ".git"));
  if (gitDir === null) return null;
  const named = readTextSafe(import_node_path.default.join(gitDir, "commondir"), SMALL);
  const commonDir = named.ok ? import_node_path.default.resolve(gitDir, named.value.trim()) : gitDir;
  if (!exists(import_node_path.default.join(gitDir, "HEAD")) || !exists(import_node_path.default.join(commonDir, "objects"))) return null;
  return { top, prefix: "", gitDir, commonDir, format: objectFormat(commonDir) };
}
function gitDirOf(dotGit) {
  const stat = statOf(dotGit);
  if (stat?.isDirectory()) return dotGit;
  if (!stat?.isFile()) return null;
  const read = readTextSafe(dotGit, { ...SMALL, follow: true });
  const target = read.ok ? /^gitdir: (.+?)\r?\n?$/.exec(read.value)?.[1] : void 0;
  return target === void 0 ? null : import_node_path.default.resolve(import_node_path.default.dirname(dotGit), target);
}
function objectFormat(commonDir) {
  const config2 = readTextSafe(import_node_path.default.join(commonDir, "config"), { ...SMALL, follow: true });
  return config2.ok && /^[ \t]*objectformat[ \t]*=[ \t]*"?sha256"?[ \t]*$/im.test(config2.value) ? "sha256" : "sha1";
}
function exists(file) {
  return statOf(file) !== void 0;
}
function statOf(file) {
  try {
    return import_node_fs2.default.statSync(file, { throwIfNoEntry: false });
  } catch {
    return void 0;
  }
}

// src/base/within.ts
var import_node_fs3 = __toESM(require("node:fs"), 1);
var import_node_path2 = __toESM(require("node:path"), 1);
function realPath(file) {
  const whole = import_node_path2.default.resolve(file);
  try {
    return import_node_fs3.default.realpathSync(whole);
  } catch {
    const parent = import_node_path2.default.dirname(whole);
    return parent === whole ? whole : import_node_path2.default.join(realPath(parent), import_node_path2.default.basename(whole));
  }
}

// src/evidence/repo-root.ts
var import_node_fs5 = __toESM(require("node:fs"), 1);
var import_node_path4 = __toESM(require("node:path"), 1);

// src/base/hash.ts
var import_node_crypto = require("node:crypto");
function sha256(data) {
  return (0, import_node_crypto.createHash)("sha256").update(data).digest("hex");
}

// src/evidence/git/run.ts
var SETTINGS = [
  "--no-pager",
  ...[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    // An index that is written here is whole: a part of it would lie in our directory.
    "core.splitIndex=false",
    "core.trustctime=true",
    "core.checkStat=default",
    "core.fileMode=true",
    "core.ignoreCase=false",
    "core.symlinks=true",
    "core.quotePath=false",
    "core.safecrlf=false",
    "core.commitGraph=false",
    "core.sparseCheckout=false",
    "diff.autoRefreshIndex=false"
  ].flatMap((setting) => ["-c", setting])
];

// src/base/write-file.ts
var import_node_fs4 = __toESM(require("node:fs"), 1);
var import_node_path3 = __toESM(require("node:path"), 1);
var import_write_file_atomic = __toESM(require_lib(), 1);
function writeFileWhole(file, data, mode = 384) {
  if (import_node_fs4.default.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) import_node_fs4.default.unlinkSync(file);
  import_write_file_atomic.default.sync(file, data, { mode });
  syncDirectory(import_node_path3.default.dirname(file));
}
function syncDirectory(dir) {
  const fd = import_node_fs4.default.openSync(dir, import_node_fs4.default.constants.O_RDONLY);
  try {
    import_node_fs4.default.fsyncSync(fd);
  } finally {
    import_node_fs4.default.closeSync(fd);
  }
}

// src/evidence/repo-root.ts
function findRepoRoot(cwd) {
  const start = realPath(cwd);
  const configured = nearest(start, (dir) => import_node_fs5.default.existsSync(import_node_path4.default.join(dir, ".codex/autoloop.project.json")));
  return configured ?? nearest(start, (dir) => repoAt(dir) !== null) ?? start;
}
function repoHash(root) {
  const real = realPath(root);
  return sha256(foldsCase(real) ? real.toLowerCase() : real).slice(0, 16);
}
function nearest(start, is) {
  for (let dir = start; ; dir = import_node_path4.default.dirname(dir)) {
    if (is(dir)) return dir;
    if (dir === import_node_path4.default.dirname(dir)) return null;
  }
}
function foldsCase(real) {
  const other = real === real.toUpperCase() ? real.toLowerCase() : real.toUpperCase();
  if (other === real) return false;
  try {
    const [a, b] = [import_node_fs5.default.statSync(real), import_node_fs5.default.statSync(other)];
    return a.ino === b.ino && a.dev === b.dev;
  } catch {
    return false;
  }
}

// src/workspace/room/pack-names.ts
var FANOUT = 8;
var NAMES = FANOUT + 256 * 4;

// src/evidence/git/parse.ts
var MOST_AT_ONCE = 1 << 28;
var [H, M, ZERO, ONE, SIX] = [...Buffer.from("HM016")];

// src/base/owned-directory.ts
var import_node_child_process = require("node:child_process");
var import_node_fs6 = __toESM(require("node:fs"), 1);
function removeOwned(dir) {
  try {
    import_node_fs6.default.rmSync(dir, { recursive: true, force: true });
  } catch {
    removeClosed(dir);
  }
}
function removeClosed(dir) {
  try {
    open(dir);
    import_node_fs6.default.rmSync(dir, { recursive: true, force: true });
  } catch {
    const removed = (0, import_node_child_process.spawnSync)("/bin/rm", ["-rf", "--", dir], { env: {} });
    if (removed.status !== 0) throw new Error(`${dir} cannot be removed`);
  }
}
function open(dir) {
  const queue = [Buffer.from(dir)];
  for (let at = queue.pop(); at !== void 0; at = queue.pop()) {
    import_node_fs6.default.chmodSync(at, 448);
    for (const entry of import_node_fs6.default.readdirSync(at, { withFileTypes: true, encoding: "buffer" }))
      if (entry.isDirectory()) queue.push(Buffer.concat([at, Buffer.from("/"), entry.name]));
  }
}

// src/workspace/trees/own.ts
function repoId(commonDir) {
  return repoHash(commonDir);
}

// src/base/json.ts
function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

// src/ledger/shape-check.ts
var object = (members2) => ({ members: members2 });
var list = (one) => ({ list: one });
var orNull = (shape) => ({ orNull: shape });
var orAbsent = (shape) => ({ orAbsent: shape });
var words = (...all) => ({ words: new Set(all) });
var by = (member, rows) => ({ by: member, rows });

// src/ledger/shape.ts
var text = orNull("string");
var process2 = { pid: "number", start: "string" };
var limits = object({ maxStopIterations: "number", maxRepeatedFailureSignature: "number" });
var scope = orAbsent(list("string"));
var contract = object({
  objective: "string",
  tasks: "array",
  limits,
  policy: object({ scope }),
  scope
});
var change = object({
  id: "string",
  file: "string",
  difference: orAbsent(object({ kind: "string" }))
});
var refs = orAbsent(list(object({ taskId: "string", index: "number" })));
var frozen = {
  runId: "string",
  repoRoot: "string",
  contract,
  contractHash: "string",
  baselines: "array",
  pins: "array",
  steps: orAbsent("object"),
  copied: orAbsent(object({ sha256: "string", unmatched: list("string") })),
  kept: orAbsent(object({ sha256: "string", unmatched: list("string") })),
  configElsewhere: orAbsent("boolean"),
  gatePath: "string",
  changedBefore: orAbsent(list(change)),
  protectsNothing: refs
};
var origin = by("kind", {
  session: { sessionId: "string", formerSessions: orAbsent(list("string")) },
  attempt: { batch: "string", item: "string", attempt: "number" }
});
var oldOrigin = { sessionId: "string", formerSessions: orAbsent(list("string")) };
var fact = { taskId: "string", index: "number", met: "boolean" };
var judged = {
  stop: "number",
  outstandingTaskIds: list("string"),
  commands: list(
    object({
      name: "string",
      outcome: "string",
      steps: orAbsent(list(object({ label: "string", outcome: "string" }))),
      changed: orAbsent(list("string")),
      runs: orAbsent(list(object({ outcome: "string", durationMs: "number" }))),
      passKey: orAbsent("string"),
      reused: orAbsent(object({ stop: "number" })),
      tests: orAbsent("string"),
      startTests: orAbsent(object({ durationMs: "number", passKey: "string" })),
      inPlace: orAbsent(
        object({ outcome: "string", lacks: list(object({ kind: "string", name: "string" })) })
      ),
      prepares: orAbsent(object({ work: "boolean" }))
    })
  ),
  signature: "string",
  workspace: "string",
  leftByGates: orAbsent(orNull(object({ until: "number", paths: list("string") })))
};
var some = (one) => object({ some: list(one), more: "number" });
var paths = some("string");
var changedPath = object({ path: "string", kind: "string" });
var seen = {
  there: { type: "string" },
  missing: { near: text, noDirectory: text },
  files: { files: paths, wanted: "number", searched: "number" },
  changed: { paths },
  "by-gates": { paths },
  "not-recorded": { paths },
  "not-changed": { there: text, elsewhere: paths },
  kept: { unknown: paths },
  "not-kept": { changes: some(changedPath) },
  "link-changed": { link: changedPath },
  "leads-out": { links: paths },
  match: {},
  "no-match": { lines: "number" },
  unreadable: { why: "string" }
};
var found = {
  ...seen,
  through: { links: paths, to: "string", seen: by("kind", seen) },
  recorded: { text: "string" }
};
var outOfScope = object({
  path: "string",
  pointer: text,
  change: words("added", "removed", "modified", "type", "mode"),
  why: words("outside", "definition", "part", "unreadable"),
  detail: orAbsent("string"),
  state: "string"
});
var cause = object({ kind: "string" });
var stop = {
  ...judged,
  blockers: list(
    by("kind", {
      workspace: { why: "string" },
      "out-of-scope": {
        digest: "string",
        out: list(outOfScope),
        more: "number"
      },
      evidence: { taskId: "string", index: "number" },
      plan: { open: list("string") },
      command: { name: "string" },
      "could-not-run": { name: "string" },
      prepare: { name: "string" },
      "unknown-command": { name: "string" },
      background: { processes: list(object(process2)) },
      children: { children: "array" },
      "gate-writes": { paths: list("string") },
      "gate-rewrote": { name: "string", paths: list("string") }
    })
  ),
  evidence: list(object({ ...fact, found: by("kind", found) })),
  drift: orNull(object({ digest: "string", changes: list(change) })),
  gatesRun: words("none", "fast", "full"),
  session: orNull(
    object({
      plan: object({ state: "string", open: list("string") }),
      background: list(object(process2)),
      ended: list("string"),
      children: "array"
    })
  ),
  provisional: orAbsent(
    object({
      turnId: text,
      transcript: orNull(object({ file: "string", bytes: "number" })),
      lookMs: "number"
    })
  ),
  delivered: orAbsent(object({ payloadSha256: "string", answer: "string", reason: "string" }))
};
var changedSince = orNull(object({ paths: list("string"), more: "number" }));
var verdicts = by("verdict", {
  block: stop,
  release: stop,
  park: { ...stop, park: cause },
  halt: { ...stop, halt: cause }
});
var oldStop = {
  ...judged,
  payloadSha256: "string",
  evidence: orAbsent(list(object({ ...fact, detail: orAbsent("string") }))),
  plan: orAbsent(object({ state: "string", open: list("string") })),
  failedGates: "array",
  answer: "string",
  reason: "string",
  notices: list("string")
};
var oldVerdicts = by("verdict", { block: oldStop, release: oldStop, park: oldStop, halt: oldStop });
var activated = (data) => object(isObject(data) && "origin" in data ? { ...frozen, origin } : { ...frozen, ...oldOrigin });
var shapes = {
  activated,
  refined: object({
    contract,
    contractHash: "string",
    added: "array",
    protectsNothing: refs,
    by: "string",
    requestId: "string"
  }),
  stop: (data) => isObject(data) && "blockers" in data ? verdicts : oldVerdicts,
  reopened: object({ by: "string", turnId: text, changes: changedSince }),
  finalised: object({
    how: "string",
    looked: words("unchanged", "changed", "not-looked"),
    changes: changedSince,
    why: text
  }),
  unjudged: object({ why: "string", payloadSha256: "string" }),
  ending: object({ processes: list("string") }),
  plan: object({ plan: "array" }),
  prompt: object({ sha256: "string", turnId: text }),
  session: object({ source: "string", cwd: "string" }),
  paused: object({ by: "string", reason: text }),
  resumed: object({ by: "string", reason: text }),
  wait: object({ reason: "string", token: "string", by: "string" }),
  amended: (data) => object({
    digest: "string",
    changes: "array",
    activation: activated(isObject(data) ? data["activation"] : null),
    by: "string"
  }),
  limits: object({ limits, by: "string" }),
  closed: object({ how: words("released", "waived", "disabled"), by: "string", reason: text }),
  child: object({
    id: "string",
    what: words("started", "stopped"),
    agentType: text,
    transcript: text,
    codex: orNull(object(process2))
  }),
  repaired: object({ bytes: "number", sha256: "string" }),
  refused: object({ action: "string", by: "string", why: "string" })
};

// src/ledger/chain.ts
var hashMember = Buffer.from(',"hash":"');
var tailLength = hashMember.length + 66;

// src/supervisor/record/checkpoint.ts
var MAX_BYTES = 64 * 1024 * 1024;

// src/supervisor/record/fold-attempt.ts
var DAY_MS = 24 * 36e5;

// src/supervisor/record/batch-ledger.ts
var MAX_BYTES2 = 1 << 30;
var RESERVE_BYTES = 1 << 16;

// src/ledger/paths.ts
var import_node_path5 = __toESM(require("node:path"), 1);
function homePaths(home) {
  const at = (name) => import_node_path5.default.join(home, name);
  return {
    home,
    machine: at("machine.json"),
    bin: at("bin"),
    armed: at("armed"),
    live: at("live"),
    approved: at("approved"),
    sessions: at("sessions"),
    requests: at("requests"),
    archived: at("archived"),
    sandboxHome: at("sandbox-home"),
    layers: at("layers"),
    rooms: at("rooms"),
    prepared: at("prepared"),
    warm: at("warm"),
    caches: at("caches"),
    debugLog: at("debug.log"),
    claimLock: at("claim-lock")
  };
}

// src/gates/environment.ts
var KEPT = new Set(
  `HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR
  XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE PIP_CERT NIX_SSL_CERT_FILE AWS_CA_BUNDLE
  npm_config_cache NPM_CONFIG_CACHE NVM_DIR NVM_BIN VOLTA_HOME FNM_DIR PNPM_HOME YARN_CACHE_FOLDER COREPACK_HOME
  BUN_INSTALL DENO_DIR DENO_INSTALL CYPRESS_CACHE_FOLDER PLAYWRIGHT_BROWSERS_PATH PUPPETEER_CACHE_DIR
  CARGO_HOME RUSTUP_HOME RUSTUP_TOOLCHAIN GOPATH GOROOT GOCACHE GOMODCACHE GOTOOLCHAIN
  JAVA_HOME JDK_HOME MAVEN_HOME M2_HOME GRADLE_HOME GRADLE_USER_HOME KOTLIN_HOME ANDROID_HOME ANDROID_SDK_ROOT SDKMAN_DIR
  PYENV_ROOT PYENV_VERSION PIP_CACHE_DIR UV_CACHE_DIR UV_PYTHON_INSTALL_DIR UV_TOOL_DIR POETRY_HOME POETRY_CACHE_DIR
  PIPX_HOME PRE_COMMIT_HOME CONDA_PREFIX RBENV_ROOT RBENV_VERSION GEM_HOME GEM_PATH BUNDLE_USER_CACHE COMPOSER_HOME COMPOSER_CACHE_DIR
  DOTNET_ROOT NUGET_PACKAGES PUB_CACHE MIX_HOME HEX_HOME ASDF_DIR ASDF_DATA_DIR MISE_DATA_DIR MISE_CACHE_DIR
  DEVELOPER_DIR SDKROOT CCACHE_DIR SCCACHE_DIR`.split(/\s+/)
);
var PROXIES = new Set(
  `http_proxy https_proxy no_proxy all_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY`.split(" ")
);

// src/supervisor/batch/site.ts
function siteOf(cwd) {
  const root = findRepoRoot(cwd);
  const repo = findRepo(root);
  if (repo === null)
    return fail("git-gone", `${root} is not in a git repository`, {
      fix: "git init, and commit what is there"
    });
  return ok({ top: repo.top, prefix: repo.prefix, root, repoId: repoId(repo.commonDir) });
}

// node_modules/zod/v4/core/util.js
function jsonStringifyReplacer(_, value) {
  if (typeof value === "bigint")
    return value.toString();
  return value;
}
var Cached = class {
  constructor(getter) {
    this._getter = getter;
    this._value = void 0;
  }
  get value() {
    const getter = this._getter;
    if (getter !== void 0) {
      this._value = getter();
      this._getter = void 0;
    }
    return this._value;
  }
};
function cached(getter) {
  return new Cached(getter);
}
function cleanRegex(source) {
  const start = source.startsWith("^") ? 1 : 0;
  const end = source.endsWith("$") ? source.length - 1 : source.length;
  return source.slice(start, end);
}
function assignProp(target, prop, value) {
  Object.defineProperty(target, prop, {
    value,
    writable: true,
    enumerable: true,
    configurable: true
  });
}
var captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {
};
function isObject2(data) {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
function isPlainObject(o) {
  if (isObject2(o) === false)
    return false;
  const ctor = o.constructor;
  if (ctor === void 0)
    return true;
  if (typeof ctor !== "function")
    return true;
  const prot = ctor.prototype;
  if (isObject2(prot) === false)
    return false;
  if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) {
    return false;
  }
  return true;
}
function escapeRegex(str) {
  return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
  const cl = new inst._zod.constr(def ?? inst._zod.def);
  if (!def || params?.parent)
    cl._zod.parent = inst;
  return cl;
}
function normalizeParams(_params) {
  const params = _params;
  if (!params)
    return {};
  if (typeof params === "string")
    return { error: () => params };
  if (params?.message !== void 0) {
    if (params?.error !== void 0)
      throw new Error("Cannot specify both `message` and `error` params");
    params.error = params.message;
  }
  delete params.message;
  if (typeof params.error === "string")
    return { ...params, error: () => params.error };
  return params;
}
function optionalKeys(shape) {
  return Object.keys(shape).filter((k) => {
    return shape[k]._zod.optin !== void 0 && shape[k]._zod.optout === "optional";
  });
}
function aborted(x, startIndex = 0) {
  if (x.aborted === true)
    return true;
  for (let i = startIndex; i < x.issues.length; i++) {
    if (x.issues[i]?.continue !== true) {
      return true;
    }
  }
  return false;
}
function explicitlyAborted(x, startIndex = 0) {
  if (x.aborted === true)
    return true;
  for (let i = startIndex; i < x.issues.length; i++) {
    if (x.issues[i]?.continue === false) {
      return true;
    }
  }
  return false;
}
function prefixIssues(path9, issues) {
  return issues.map((iss) => {
    var _a2;
    (_a2 = iss).path ?? (_a2.path = []);
    iss.path.unshift(path9);
    return iss;
  });
}
function unwrapMessage(message) {
  return typeof message === "string" ? message : message?.message;
}
function sizeCaps(defChecks) {
  const caps = [];
  for (const ch of defChecks ?? []) {
    const d = ch._zod.def;
    if (!/_(length|size)$|_equals$/.test(d.check))
      break;
    const max = d.maximum ?? d.length ?? d.size;
    if (max >= 0)
      caps.push([max, ch]);
  }
  return caps;
}
function attachSchema(issues, start, inst) {
  var _a2;
  for (let i = start; i < issues.length; i++) {
    (_a2 = issues[i]).schema ?? (_a2.schema = inst);
  }
}
function finalizeIssue(iss, ctx, config2) {
  var _a2;
  const traits = iss.inst?._zod?.traits;
  if (traits?.has("$ZodType")) {
    if (traits.has("$ZodCheck"))
      (_a2 = iss).schema ?? (_a2.schema = iss.inst);
    else
      iss.schema = iss.inst;
  }
  const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
  const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config2.customError?.(iss)) ?? unwrapMessage(config2.localeError?.(iss)) ?? "Invalid input";
  const full = {};
  for (const k of Object.keys(iss)) {
    if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__")
      continue;
    full[k] = iss[k];
  }
  full.path ?? (full.path = []);
  full.message = message;
  if (ctx?.reportInput) {
    full.input = iss.input;
  }
  return full;
}
function members(proto, table) {
  for (const key in table) {
    const desc = Object.getOwnPropertyDescriptor(table, key);
    if (desc.get)
      Object.defineProperty(proto, key, { ...desc, enumerable: false });
    else
      defineBound(proto, key, desc.value);
  }
}
function own(inst, key, value, enumerable = true) {
  Object.defineProperty(inst, key, { configurable: true, writable: true, enumerable, value });
  return value;
}
function hide(inst, key, value) {
  return own(inst, key, value, false);
}
function defineBound(proto, key, fn) {
  Object.defineProperty(proto, key, {
    configurable: true,
    get() {
      return this == null ? fn : own(this, key, fn.bind(this));
    },
    set(value) {
      own(this, key, value);
    }
  });
}
function claim(inst, sentinel) {
  const proto = Object.getPrototypeOf(inst);
  return sentinel in proto ? void 0 : proto;
}
var installing;
var broke = false;
var breaker = {
  configurable: true,
  get() {
    broke = true;
    return void 0;
  }
};
function defineLazyInternal(inst, key, compute) {
  const proto = Object.getPrototypeOf(inst._zod);
  if (key in proto && installing !== inst._zod) {
    installing = void 0;
    return;
  }
  installing = inst._zod;
  Object.defineProperty(proto, key, {
    configurable: true,
    get() {
      Object.defineProperty(this, key, breaker);
      const outer = broke;
      broke = false;
      try {
        const value = compute(this);
        if (broke)
          delete this[key];
        else
          Object.defineProperty(this, key, { configurable: true, writable: true, value });
        broke = broke || outer;
        return value;
      } catch (err2) {
        delete this[key];
        broke = broke || outer;
        throw err2;
      }
    },
    set(value) {
      Object.defineProperty(this, key, { configurable: true, writable: true, value });
    }
  });
}
function installLazyProp(inst, key, make, enumerable) {
  const proto = claim(inst, key);
  if (!proto)
    return;
  Object.defineProperty(proto, key, {
    configurable: true,
    get() {
      const desc = { configurable: true, writable: true, enumerable, value: void 0 };
      Object.defineProperty(this, key, desc);
      desc.value = make(this);
      Object.defineProperty(this, key, desc);
      return desc.value;
    },
    set(value) {
      Object.defineProperty(this, key, { configurable: true, writable: true, enumerable, value });
    }
  });
}

// node_modules/zod/v4/core/core.js
var _a;
var _zodDesc = { value: void 0, enumerable: false };
var _E = "captureStackTrace" in Error ? Error : null;
function newError(Definition) {
  const E = _E;
  if (E) {
    const saved = E.stackTraceLimit;
    if (typeof saved === "number") {
      try {
        E.stackTraceLimit = 0;
      } catch {
        _E = null;
        return new Definition();
      }
      try {
        return new Definition();
      } finally {
        E.stackTraceLimit = saved;
      }
    }
  }
  return new Definition();
}
// @__NO_SIDE_EFFECTS__
function $constructor(name, initializer2, proto, params) {
  const zodProto = {};
  function Internals(def) {
    this.def = def;
    this.constr = _;
    this.traits = /* @__PURE__ */ new Set();
  }
  Internals.prototype = zodProto;
  const protoMembers = proto;
  const initialized = protoMembers && /* @__PURE__ */ new WeakSet();
  function init(inst, def) {
    if (!inst._zod) {
      _zodDesc.value = new Internals(def);
      try {
        Object.defineProperty(inst, "_zod", _zodDesc);
      } finally {
        _zodDesc.value = void 0;
      }
    } else if (inst._zod.traits.has(name)) {
      return;
    }
    inst._zod.traits.add(name);
    initializer2(inst, def);
    if (initialized) {
      const own2 = Object.getPrototypeOf(inst);
      const ctorProto = inst._zod.constr.prototype;
      let up = own2;
      while (up && up !== ctorProto)
        up = Object.getPrototypeOf(up);
      const target = up ?? own2;
      if (!initialized.has(target)) {
        initialized.add(target);
        members(target, protoMembers);
      }
    }
    const proto2 = _.prototype;
    for (const k in proto2) {
      if (!Object.prototype.hasOwnProperty.call(proto2, k))
        continue;
      if (!(k in inst)) {
        inst[k] = proto2[k].bind(inst);
      }
    }
  }
  const Parent = params?.Parent ?? Object;
  class Definition extends Parent {
  }
  Object.defineProperty(Definition, "name", { value: name });
  function _(def) {
    const inst = params?.Parent ? newError(Definition) : this;
    init(inst, def);
    const deferred = inst._zod.deferred;
    if (deferred) {
      for (const fn of deferred) {
        fn();
      }
      inst._zod.deferred = void 0;
    }
    const pp = globalThis.__zod_globalConfig?.postProcessor;
    if (pp)
      pp(inst);
    return inst;
  }
  Object.defineProperty(_, "init", { value: init });
  Object.defineProperty(_, Symbol.hasInstance, {
    value: (inst) => {
      if (params?.Parent && inst instanceof params.Parent)
        return true;
      return inst?._zod?.traits?.has(name);
    }
  });
  Object.defineProperty(_, "name", { value: name });
  return _;
}
var $ZodAsyncError = class extends Error {
  constructor() {
    super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
  }
};
(_a = globalThis).__zod_globalConfig ?? (_a.__zod_globalConfig = {});
var globalConfig = globalThis.__zod_globalConfig;
function config(newConfig) {
  if (newConfig)
    Object.assign(globalConfig, newConfig);
  return globalConfig;
}

// node_modules/zod/v4/core/errors.js
function _getMessage() {
  const internals = this._zod;
  internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
  return internals.message;
}
function _setMessage(value) {
  this._zod.message = value;
}
var _messageDesc = {
  get: _getMessage,
  set: _setMessage,
  enumerable: true,
  configurable: true
};
var _issuesDesc = { value: void 0, enumerable: false };
var _installedToString = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
var initializer = (inst, def) => {
  inst.name = "$ZodError";
  _issuesDesc.value = def;
  Object.defineProperty(inst, "issues", _issuesDesc);
  _issuesDesc.value = void 0;
  Object.defineProperty(inst, "message", _messageDesc);
  const proto = Object.getPrototypeOf(inst);
  if (!_installedToString.has(proto)) {
    _installedToString.add(proto);
    Object.defineProperty(proto, "toString", {
      configurable: true,
      enumerable: false,
      get() {
        const value = () => this.message;
        Object.defineProperty(this, "toString", { value, configurable: true, writable: true });
        return value;
      },
      set(value) {
        Object.defineProperty(this, "toString", { value, configurable: true, writable: true });
      }
    });
  }
};
var $ZodError = $constructor("$ZodError", initializer);
var $ZodRealError = $constructor("$ZodError", initializer, void 0, {
  Parent: Error
});

// node_modules/zod/v4/core/parse.js
var _parse = (_Err) => {
  const fn = (schema2, value, _ctx, _params) => {
    const ctx = _ctx ? { ..._ctx, async: false } : { async: false };
    const result = schema2._zod.run({ value, issues: [] }, ctx);
    if (result instanceof Promise) {
      throw new $ZodAsyncError();
    }
    if (result.issues.length) {
      const e = new (_params?.Err ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
      captureStackTrace(e, _params?.callee ?? fn);
      throw e;
    }
    return result.value;
  };
  return fn;
};
var parse = /* @__PURE__ */ _parse($ZodRealError);
var _parseAsync = (_Err) => {
  const fn = async (schema2, value, _ctx, params) => {
    const ctx = _ctx ? { ..._ctx, async: true } : { async: true };
    let result = schema2._zod.run({ value, issues: [] }, ctx);
    if (result instanceof Promise)
      result = await result;
    if (result.issues.length) {
      const e = new (params?.Err ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
      captureStackTrace(e, params?.callee ?? fn);
      throw e;
    }
    return result.value;
  };
  return fn;
};
var parseAsync = /* @__PURE__ */ _parseAsync($ZodRealError);
var _safeParse = (_Err) => (schema2, value, _ctx) => {
  const ctx = _ctx ? { ..._ctx, async: false } : { async: false };
  const result = schema2._zod.run({ value, issues: [] }, ctx);
  if (result instanceof Promise) {
    throw new $ZodAsyncError();
  }
  return result.issues.length ? failure(_Err, result.issues, ctx) : { success: true, data: result.value };
};
var safeParse = /* @__PURE__ */ _safeParse($ZodRealError);
function failure(Err, issues, ctx) {
  let error;
  return {
    success: false,
    get error() {
      if (!error) {
        error = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
        issues = void 0;
        ctx = void 0;
      }
      return error;
    },
    set error(e) {
      error = e;
      issues = void 0;
      ctx = void 0;
    }
  };
}
var _safeParseAsync = (_Err) => async (schema2, value, _ctx) => {
  const ctx = _ctx ? { ..._ctx, async: true } : { async: true };
  let result = schema2._zod.run({ value, issues: [] }, ctx);
  if (result instanceof Promise)
    result = await result;
  return result.issues.length ? failure(_Err, result.issues, ctx) : { success: true, data: result.value };
};
var safeParseAsync = /* @__PURE__ */ _safeParseAsync($ZodRealError);

// node_modules/zod/v4/core/regexes.js
var anyString = /^[\s\S]{0,}$/;
var number = /^-?\d+(?:\.\d+)?$/;
var boolean = /^(?:true|false)$/i;

// node_modules/zod/v4/core/versions.js
var version = {
  major: 4,
  minor: 6,
  patch: 7
};

// node_modules/zod/v4/core/schemas.js
var $ZodType = /* @__PURE__ */ $constructor("$ZodType", (inst, def) => {
  var _a2;
  inst ?? (inst = {});
  inst._zod.def = def;
  inst._zod.bag = inst._zod.bag || {};
  inst._zod.version = version;
  const defChecks = inst._zod.def.checks;
  const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
  for (const ch of checks) {
    for (const fn of ch._zod.onattach) {
      fn(inst);
    }
  }
  if (checks.length === 0) {
    (_a2 = inst._zod).deferred ?? (_a2.deferred = []);
    inst._zod.deferred?.push(() => {
      inst._zod.run = inst._zod.parse;
    });
  } else {
    const runChecks = (payload, checks2, ctx) => {
      if (payload.memo)
        return payload;
      let isAborted = aborted(payload);
      let asyncResult;
      for (const ch of checks2) {
        if (ch._zod.def.when) {
          if (explicitlyAborted(payload))
            continue;
          const shouldRun = ch._zod.def.when(payload);
          if (!shouldRun)
            continue;
        } else if (isAborted) {
          continue;
        }
        const currLen = payload.issues.length;
        const _ = ch._zod.check(payload);
        if (_ instanceof Promise && ctx?.async === false) {
          throw new $ZodAsyncError();
        }
        if (asyncResult || _ instanceof Promise) {
          asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
            await _;
            const nextLen = payload.issues.length;
            if (nextLen === currLen)
              return;
            attachSchema(payload.issues, currLen, inst);
            if (!isAborted)
              isAborted = aborted(payload, currLen);
          });
        } else {
          const nextLen = payload.issues.length;
          if (nextLen === currLen)
            continue;
          attachSchema(payload.issues, currLen, inst);
          if (!isAborted)
            isAborted = aborted(payload, currLen);
        }
      }
      if (asyncResult) {
        return asyncResult.then(() => {
          return payload;
        });
      }
      return payload;
    };
    const handleCanaryResult = (canary, payload, ctx) => {
      if (aborted(canary)) {
        canary.aborted = true;
        return canary;
      }
      const checkResult = runChecks(payload, checks, ctx);
      if (checkResult instanceof Promise) {
        if (ctx.async === false)
          throw new $ZodAsyncError();
        return checkResult.then((checkResult2) => inst._zod.parse(checkResult2, ctx));
      }
      return inst._zod.parse(checkResult, ctx);
    };
    inst._zod.run = (payload, ctx) => {
      if (ctx.skipChecks) {
        return inst._zod.parse(payload, ctx);
      }
      if (ctx.direction === "backward") {
        const canary = inst._zod.parse({ value: payload.value, issues: [] }, { ...ctx, skipChecks: true });
        if (canary instanceof Promise) {
          return canary.then((canary2) => {
            return handleCanaryResult(canary2, payload, ctx);
          });
        }
        return handleCanaryResult(canary, payload, ctx);
      }
      const result = inst._zod.parse(payload, ctx);
      if (result instanceof Promise) {
        if (ctx.async === false)
          throw new $ZodAsyncError();
        return result.then((result2) => runChecks(result2, checks, ctx));
      }
      return runChecks(result, checks, ctx);
    };
  }
}, {
  // Wrappers extend this by installing a richer factory over it; reading it eagerly would defeat the laziness.
  get "~standard"() {
    return hide(this, "~standard", standardProps(this));
  },
  set "~standard"(value) {
    own(this, "~standard", value);
  }
});
var toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
async function validateAsync(inst, value) {
  const ctx = { async: true };
  return toStandardResult(await inst._zod.run({ value, issues: [] }, ctx), ctx);
}
function standardProps(inst) {
  return {
    validate: (value) => {
      const ctx = { async: false };
      try {
        const r = inst._zod.run({ value, issues: [] }, ctx);
        if (!(r instanceof Promise))
          return toStandardResult(r, ctx);
      } catch (_) {
      }
      return validateAsync(inst, value);
    },
    vendor: "zod",
    version: 1
  };
}
var $ZodString = /* @__PURE__ */ $constructor("$ZodString", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = def.pattern ?? anyString;
  inst._zod.parse = (payload, _) => {
    if (def.coerce)
      try {
        payload.value = String(payload.value);
      } catch (_2) {
      }
    if (typeof payload.value === "string")
      return payload;
    payload.issues.push({
      expected: "string",
      code: "invalid_type",
      input: payload.value,
      inst
    });
    return payload;
  };
});
var $ZodNumber = /* @__PURE__ */ $constructor("$ZodNumber", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = number;
  inst._zod.parse = (payload, _ctx) => {
    if (def.coerce)
      try {
        payload.value = Number(payload.value);
      } catch (_) {
      }
    const input = payload.value;
    if (typeof input === "number" && !Number.isNaN(input) && Number.isFinite(input)) {
      return payload;
    }
    const received = typeof input === "number" ? Number.isNaN(input) ? "NaN" : !Number.isFinite(input) ? String(input) : void 0 : void 0;
    payload.issues.push({
      expected: "number",
      code: "invalid_type",
      input,
      inst,
      ...received ? { received } : {}
    });
    return payload;
  };
});
var $ZodBoolean = /* @__PURE__ */ $constructor("$ZodBoolean", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = boolean;
  inst._zod.parse = (payload, _ctx) => {
    if (def.coerce)
      try {
        payload.value = Boolean(payload.value);
      } catch (_) {
      }
    const input = payload.value;
    if (typeof input === "boolean")
      return payload;
    payload.issues.push({
      expected: "boolean",
      code: "invalid_type",
      input,
      inst
    });
    return payload;
  };
});
var $ZodUnknown = /* @__PURE__ */ $constructor("$ZodUnknown", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.parse = (payload) => payload;
});
function capSize(inst, size) {
  const caps = sizeCaps(inst._zod.def.checks);
  if (!caps.length)
    return;
  const cap = Math.min(...caps.map((c) => c[0]));
  const parse2 = inst._zod.parse;
  inst._zod.parse = (payload, ctx) => {
    const n = size(payload.value);
    if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
      for (const [max, ch] of sizeCaps(inst._zod.def.checks)) {
        if (n > max && ch._zod.def.when(payload)) {
          const start = payload.issues.length;
          ch._zod.check(payload);
          payload.issues[start].continue = false;
          attachSchema(payload.issues, start, inst);
          return payload;
        }
      }
    }
    return parse2(payload, ctx);
  };
}
var arraySize = (input) => Array.isArray(input) ? input.length : -1;
function handleArrayResult(result, final, index) {
  if (result.issues.length) {
    final.issues.push(...prefixIssues(index, result.issues));
  }
  final.value[index] = result.value;
}
var $ZodArray = /* @__PURE__ */ $constructor("$ZodArray", (inst, def) => {
  $ZodType.init(inst, def);
  const memo = globalConfig.memoizer;
  memo?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    const input = payload.value;
    if (!Array.isArray(input)) {
      payload.issues.push({
        expected: "array",
        code: "invalid_type",
        input,
        inst
      });
      return payload;
    }
    payload.value = memo ? memo.alloc(inst, payload, Array(input.length), ctx) : Array(input.length);
    const proms = [];
    const abortEarly = ctx?.abortEarly;
    for (let i = 0; i < input.length; i++) {
      const item2 = input[i];
      const result = def.element._zod.run({
        value: item2,
        issues: []
      }, ctx);
      if (result instanceof Promise) {
        proms.push(result.then((result2) => handleArrayResult(result2, payload, i)));
      } else {
        handleArrayResult(result, payload, i);
        if (abortEarly && result.issues.length !== 0 && aborted(result))
          break;
      }
    }
    if (proms.length) {
      return Promise.all(proms).then(() => payload);
    }
    return payload;
  };
  capSize(inst, arraySize);
});
function handlePropertyResult(result, final, key, input, optin, optout) {
  const isPresent = key in input;
  const isOptionalOut = optout === "optional";
  if (!isPresent && isOptionalOut && optin === "optional") {
    return;
  }
  if (result.issues.length) {
    if (optin !== void 0 && isOptionalOut && !isPresent) {
      return;
    }
    final.issues.push(...prefixIssues(key, result.issues));
  }
  if (!isPresent && optin === void 0) {
    if (!result.issues.length) {
      final.issues.push({
        code: "invalid_type",
        expected: "nonoptional",
        input: void 0,
        path: [key]
      });
    }
    return;
  }
  if (result.value === void 0) {
    if (isPresent || optin === "defaulted" && !isOptionalOut) {
      final.value[key] = void 0;
    }
  } else {
    final.value[key] = result.value;
  }
}
var NO_SYMBOL_KEYS = [];
function normalizeDef(def) {
  const keys = Object.keys(def.shape);
  const ownSymbols = Object.getOwnPropertySymbols(def.shape);
  const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
  const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
  for (const k of allKeys) {
    if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) {
      throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
    }
  }
  const okeys = optionalKeys(def.shape);
  return {
    ...def,
    allKeys,
    symbolKeys,
    // string-only: handleCatchall matches it against `for...in`, which never yields a symbol
    keySet: new Set(keys),
    numKeys: keys.length,
    optionalKeys: new Set(okeys)
  };
}
function handleCatchall(proms, input, payload, ctx, def, inst, abortEarly) {
  const unrecognized = [];
  const keySet = def.keySet;
  const _catchall = def.catchall._zod;
  const t = _catchall.def.type;
  const optin = _catchall.optin;
  const optout = _catchall.optout;
  let seen2 = 0;
  for (const key in input) {
    if (abortEarly && payload.issues.length !== seen2) {
      if (aborted(payload, seen2))
        break;
      seen2 = payload.issues.length;
    }
    if (keySet.has(key))
      continue;
    if (key === "__proto__") {
      if (t === "never")
        unrecognized.push(key);
      continue;
    }
    if (t === "never") {
      unrecognized.push(key);
      continue;
    }
    const r = _catchall.run({ value: input[key], issues: [] }, ctx);
    if (r instanceof Promise) {
      proms.push(r.then((r2) => handlePropertyResult(r2, payload, key, input, optin, optout)));
    } else {
      handlePropertyResult(r, payload, key, input, optin, optout);
    }
  }
  if (unrecognized.length) {
    payload.issues.push({
      code: "unrecognized_keys",
      keys: unrecognized,
      input,
      inst,
      // Describes the shape of the input, not the validity of the parsed value, so it never aborts. The parse still fails; the schema's own checks just get to run first, and an enclosing intersection can reconcile the key against a sibling operand.
      continue: true
    });
  }
  if (!proms.length)
    return payload;
  return Promise.all(proms).then(() => {
    return payload;
  });
}
var $ZodObject = /* @__PURE__ */ $constructor("$ZodObject", (inst, def) => {
  $ZodType.init(inst, def);
  const desc = Object.getOwnPropertyDescriptor(def, "shape");
  const sh = desc?.get ? desc.get.raw : def.shape ?? {};
  if (sh) {
    const get = () => {
      const newSh = { ...sh };
      Object.defineProperty(def, "shape", { value: newSh });
      get.raw = newSh;
      return newSh;
    };
    get.raw = sh;
    Object.defineProperty(def, "shape", { get });
  }
  const _normalized = cached(() => normalizeDef(def));
  defineLazyInternal(inst, "propValues", (zod) => {
    const shape = zod.def.shape;
    const propValues = {};
    for (const key in shape) {
      const field = shape[key]._zod;
      if (field.values) {
        if (!Object.prototype.hasOwnProperty.call(propValues, key)) {
          assignProp(propValues, key, /* @__PURE__ */ new Set());
        }
        for (const v of field.values)
          propValues[key].add(v);
        if (field.optin !== void 0)
          propValues[key].add(void 0);
      }
    }
    return propValues;
  });
  const isObject3 = isObject2;
  const catchall = def.catchall;
  let value;
  const memo = globalConfig.memoizer;
  memo?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    value ?? (value = _normalized.value);
    const input = payload.value;
    if (!isObject3(input)) {
      payload.issues.push({
        expected: "object",
        code: "invalid_type",
        input,
        inst
      });
      return payload;
    }
    payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
    const proms = [];
    const shape = value.shape;
    const abortEarly = ctx?.abortEarly;
    let seen2 = payload.issues.length;
    for (const key of value.allKeys) {
      if (abortEarly && payload.issues.length !== seen2) {
        if (aborted(payload, seen2))
          break;
        seen2 = payload.issues.length;
      }
      if (key === "__proto__")
        continue;
      const el = shape[key];
      const optin = el._zod.optin;
      const optout = el._zod.optout;
      const r = el._zod.run({ value: input[key], issues: [] }, ctx);
      if (r instanceof Promise) {
        proms.push(r.then((r2) => handlePropertyResult(r2, payload, key, input, optin, optout)));
      } else {
        handlePropertyResult(r, payload, key, input, optin, optout);
      }
    }
    if (!catchall) {
      return proms.length ? Promise.all(proms).then(() => payload) : payload;
    }
    return handleCatchall(proms, input, payload, ctx, _normalized.value, inst, abortEarly === true);
  };
});
var $ZodRecord = /* @__PURE__ */ $constructor("$ZodRecord", (inst, def) => {
  $ZodType.init(inst, def);
  const memo = globalConfig.memoizer;
  memo?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    const input = payload.value;
    if (!isPlainObject(input)) {
      payload.issues.push({
        expected: "record",
        code: "invalid_type",
        input,
        inst
      });
      return payload;
    }
    const proms = [];
    const values = def.keyType._zod.values;
    if (values && !def.partial) {
      payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
      const recordKeys = /* @__PURE__ */ new Set();
      for (const key of values) {
        if (typeof key === "string" || typeof key === "number" || typeof key === "symbol") {
          recordKeys.add(typeof key === "number" ? key.toString() : key);
          if (key === "__proto__")
            continue;
          const keyResult = def.keyType._zod.run({ value: key, issues: [] }, ctx);
          if (keyResult instanceof Promise) {
            throw new Error("Async schemas not supported in object keys currently");
          }
          if (keyResult.issues.length) {
            payload.issues.push({
              code: "invalid_key",
              origin: "record",
              issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
              input: key,
              path: [key],
              inst
            });
            continue;
          }
          const outKey = keyResult.value;
          if (outKey === "__proto__")
            continue;
          const result = def.valueType._zod.run({ value: input[key], issues: [] }, ctx);
          if (result instanceof Promise) {
            proms.push(result.then((result2) => {
              if (result2.issues.length) {
                payload.issues.push(...prefixIssues(key, result2.issues));
              }
              payload.value[outKey] = result2.value;
            }));
          } else {
            if (result.issues.length) {
              payload.issues.push(...prefixIssues(key, result.issues));
            }
            payload.value[outKey] = result.value;
          }
        }
      }
      let unrecognized;
      for (const key in input) {
        if (!recordKeys.has(key)) {
          if (def.mode === "loose") {
            if (key === "__proto__")
              continue;
            payload.value[key] = input[key];
          } else {
            unrecognized = unrecognized ?? [];
            unrecognized.push(key);
          }
        }
      }
      if (unrecognized && unrecognized.length > 0) {
        payload.issues.push({
          code: "unrecognized_keys",
          input,
          inst,
          keys: unrecognized,
          continue: true
        });
      }
    } else {
      payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
      let unrecognized;
      for (const key of Reflect.ownKeys(input)) {
        if (key === "__proto__")
          continue;
        if (!Object.prototype.propertyIsEnumerable.call(input, key))
          continue;
        let keyResult = def.keyType._zod.run({ value: key, issues: [] }, ctx);
        if (keyResult instanceof Promise) {
          throw new Error("Async schemas not supported in object keys currently");
        }
        const checkNumericKey = typeof key === "string" && number.test(key) && keyResult.issues.length;
        if (checkNumericKey) {
          const retryResult = def.keyType._zod.run({ value: Number(key), issues: [] }, ctx);
          if (retryResult instanceof Promise) {
            throw new Error("Async schemas not supported in object keys currently");
          }
          if (retryResult.issues.length === 0) {
            keyResult = retryResult;
          }
        }
        if (keyResult.issues.length) {
          if (def.mode === "loose") {
            payload.value[key] = input[key];
          } else if (values) {
            unrecognized = unrecognized ?? [];
            unrecognized.push(key);
          } else {
            payload.issues.push({
              code: "invalid_key",
              origin: "record",
              issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
              input: key,
              path: [key],
              inst
            });
          }
          continue;
        }
        const outKey = keyResult.value;
        if (outKey === "__proto__")
          continue;
        const result = def.valueType._zod.run({ value: input[key], issues: [] }, ctx);
        if (result instanceof Promise) {
          proms.push(result.then((result2) => {
            if (result2.issues.length) {
              payload.issues.push(...prefixIssues(key, result2.issues));
            }
            payload.value[outKey] = result2.value;
          }));
        } else {
          if (result.issues.length) {
            payload.issues.push(...prefixIssues(key, result.issues));
          }
          payload.value[outKey] = result.value;
        }
      }
      if (unrecognized && unrecognized.length > 0) {
        payload.issues.push({
          code: "unrecognized_keys",
          input,
          inst,
          keys: unrecognized,
          continue: true
        });
      }
    }
    if (proms.length) {
      return Promise.all(proms).then(() => payload);
    }
    return payload;
  };
});
var $ZodLiteral = /* @__PURE__ */ $constructor("$ZodLiteral", (inst, def) => {
  $ZodType.init(inst, def);
  const values = new Set(def.values);
  inst._zod.values = values;
  defineLazyInternal(inst, "pattern", (zod) => {
    const vals = zod.def.values;
    return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
  });
  inst._zod.parse = (payload, _ctx) => {
    const input = payload.value;
    if (values.has(input)) {
      return payload;
    }
    payload.issues.push({
      code: "invalid_value",
      values: def.values,
      input,
      inst
    });
    return payload;
  };
});
function handleOptionalResult(payload, result) {
  payload.value = result.issues.length ? void 0 : result.value;
  return payload;
}
var $ZodOptional = /* @__PURE__ */ $constructor("$ZodOptional", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
  inst._zod.optout = "optional";
  defineLazyInternal(inst, "values", (zod) => {
    const values = zod.def.innerType._zod.values;
    return values ? /* @__PURE__ */ new Set([...values, void 0]) : void 0;
  });
  defineLazyInternal(inst, "pattern", (zod) => {
    const pattern = zod.def.innerType._zod.pattern;
    return pattern ? new RegExp(`^(${cleanRegex(pattern.source)})?$`) : void 0;
  });
  inst._zod.parse = (payload, ctx) => {
    if (payload.value === void 0) {
      if (def.innerType._zod.optin !== "defaulted")
        return payload;
      const result = def.innerType._zod.run({ value: payload.value, issues: [] }, ctx);
      if (result instanceof Promise)
        return result.then((result2) => handleOptionalResult(payload, result2));
      return handleOptionalResult(payload, result);
    }
    return def.innerType._zod.run(payload, ctx);
  };
});
var $ZodNullable = /* @__PURE__ */ $constructor("$ZodNullable", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin);
  defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
  defineLazyInternal(inst, "pattern", (zod) => {
    const pattern = zod.def.innerType._zod.pattern;
    return pattern ? new RegExp(`^(${cleanRegex(pattern.source)}|null)$`) : void 0;
  });
  defineLazyInternal(inst, "values", (zod) => {
    return zod.def.innerType._zod.values ? /* @__PURE__ */ new Set([...zod.def.innerType._zod.values, null]) : void 0;
  });
  inst._zod.parse = (payload, ctx) => {
    if (payload.value === null)
      return payload;
    return def.innerType._zod.run(payload, ctx);
  };
});

// node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
  if (def.checks)
    def.checks = [...def.checks];
  return def;
}
// @__NO_SIDE_EFFECTS__
function _string(Class, params) {
  return new Class(snapshotChecks({ type: "string", ...normalizeParams(params) }));
}
// @__NO_SIDE_EFFECTS__
function _number(Class, params) {
  return new Class(snapshotChecks({ type: "number", checks: [], ...normalizeParams(params) }));
}
// @__NO_SIDE_EFFECTS__
function _boolean(Class, params) {
  return new Class({
    type: "boolean",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _unknown(Class) {
  return new Class({
    type: "unknown"
  });
}

// node_modules/zod/v4/mini/schemas.js
var ZodMiniType = /* @__PURE__ */ $constructor("ZodMiniType", (inst, def) => {
  if (!inst._zod)
    throw new Error("Uninitialized schema in ZodMiniType.");
  $ZodType.init(inst, def);
  inst.def = def;
  inst.type = def.type;
}, {
  // `with` is an alias for `check`: the same function object, not a wrapper.
  get with() {
    return this.check;
  },
  set with(value) {
    own(this, "with", value);
  },
  parse(data, params) {
    return parse(this, data, params, { callee: this.parse });
  },
  parseAsync(data, params) {
    return parseAsync(this, data, params, { callee: this.parseAsync });
  },
  safeParse(data, params) {
    return safeParse(this, data, params);
  },
  safeParseAsync(data, params) {
    return safeParseAsync(this, data, params);
  },
  check(...checks) {
    const def = this.def;
    return this.clone({
      ...def,
      checks: [
        ...def.checks ?? [],
        ...checks.map((ch) => typeof ch === "function" ? { _zod: { check: ch, def: { check: "custom" }, onattach: [] } } : ch)
      ]
    }, { parent: true });
  },
  clone(_def, params) {
    return clone(this, _def, params);
  },
  brand() {
    return this;
  },
  register(reg, meta2) {
    reg.add(this, meta2);
    return this;
  },
  apply(fn, ...args) {
    return args.length === 0 ? fn(this) : fn(this, ...args);
  }
});
var ZodMiniString = /* @__PURE__ */ $constructor("ZodMiniString", (inst, def) => {
  $ZodString.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function string2(params) {
  return _string(ZodMiniString, params);
}
var ZodMiniNumber = /* @__PURE__ */ $constructor("ZodMiniNumber", (inst, def) => {
  $ZodNumber.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function number2(params) {
  return _number(ZodMiniNumber, params);
}
var ZodMiniBoolean = /* @__PURE__ */ $constructor("ZodMiniBoolean", (inst, def) => {
  $ZodBoolean.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function boolean2(params) {
  return _boolean(ZodMiniBoolean, params);
}
var ZodMiniUnknown = /* @__PURE__ */ $constructor("ZodMiniUnknown", (inst, def) => {
  $ZodUnknown.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function unknown() {
  return _unknown(ZodMiniUnknown);
}
var ZodMiniArray = /* @__PURE__ */ $constructor("ZodMiniArray", (inst, def) => {
  $ZodArray.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function array(element, params) {
  return new ZodMiniArray({
    type: "array",
    element,
    ...normalizeParams(params)
  });
}
var ZodMiniObject = /* @__PURE__ */ $constructor("ZodMiniObject", (inst, def) => {
  $ZodObject.init(inst, def);
  ZodMiniType.init(inst, def);
  installLazyProp(inst, "shape", (self2) => self2._zod.def.shape, false);
});
// @__NO_SIDE_EFFECTS__
function object2(shape, params) {
  const def = {
    type: "object",
    shape: shape ?? {},
    ...normalizeParams(params)
  };
  return new ZodMiniObject(def);
}
var ZodMiniRecord = /* @__PURE__ */ $constructor("ZodMiniRecord", (inst, def) => {
  $ZodRecord.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function record(keyType, valueType, params) {
  if (!valueType || !valueType._zod) {
    return new ZodMiniRecord({
      type: "record",
      keyType: /* @__PURE__ */ string2(),
      valueType: keyType,
      ...normalizeParams(valueType)
    });
  }
  return new ZodMiniRecord({
    type: "record",
    keyType,
    valueType,
    ...normalizeParams(params)
  });
}
var ZodMiniLiteral = /* @__PURE__ */ $constructor("ZodMiniLiteral", (inst, def) => {
  $ZodLiteral.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function literal(value, params) {
  return new ZodMiniLiteral({
    type: "literal",
    values: Array.isArray(value) ? value : [value],
    ...normalizeParams(params)
  });
}
var ZodMiniOptional = /* @__PURE__ */ $constructor("ZodMiniOptional", (inst, def) => {
  $ZodOptional.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function optional(innerType) {
  return new ZodMiniOptional({
    type: "optional",
    innerType
  });
}
var ZodMiniNullable = /* @__PURE__ */ $constructor("ZodMiniNullable", (inst, def) => {
  $ZodNullable.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function nullable(innerType) {
  return new ZodMiniNullable({
    type: "nullable",
    innerType
  });
}

// src/records/machine.ts
var schema = object2({
  v: literal(1),
  /** Version of ours whose bundles lie in `bin/<version>/`. */
  version: string2(),
  installedAt: number2(),
  node: string2(),
  codexHome: string2(),
  codex: nullable(object2({ path: string2(), native: string2(), version: nullable(string2()) })),
  /** Timeout of the Stop hook in hooks.json, seconds; the hook's own deadline follows from it. */
  stopTimeoutSeconds: number2(),
  /** Directory of our copy of node-pty; null when it is not installed. */
  nodePty: nullable(string2()),
  hooks: array(object2({ event: string2(), command: string2(), trust: nullable(string2()) })),
  /** What merging hooks.json remembered, for a byte-exact removal; read by codex/hooks-removal. */
  hooksInstalled: unknown(),
  /** `[tools.update_plan] enabled` in config.toml is ours: nothing said it before. */
  planTool: optional(boolean2()),
  /** Files of ours outside the home (the skill) by path, with the SHA-256 we wrote. */
  files: record(string2(), string2())
});
function writeMachine(home, machine) {
  writeFileWhole(homePaths(home).machine, `${JSON.stringify(machine, null, 2)}
`);
}

// test/rig/binaries.ts
var import_node_fs7 = __toESM(require("node:fs"), 1);
var import_node_module = require("node:module");
var import_node_path7 = __toESM(require("node:path"), 1);

// test/rig/root.ts
var import_node_path6 = __toESM(require("node:path"), 1);
var import_node_url = require("node:url");
var projectRoot = import_node_path6.default.resolve(import_node_path6.default.dirname((0, import_node_url.fileURLToPath)(__u)), "../..");

// test/rig/binaries.ts
var codexVersions = ["0.171", "0.169"];
var [currentCodex, oldestCodex] = codexVersions;
var PACKAGES = { "0.171": "@openai/codex", "0.169": "codex-0.169" };
function codexBinary(version2 = currentCodex) {
  const found2 = nativeBinary(version2);
  if (!found2)
    throw new Error(`codex ${version2} is not installed for ${process.platform}-${process.arch}: npm ci`);
  return found2;
}
function nativeBinary(version2) {
  const launcher = import_node_path7.default.join(projectRoot, "node_modules", PACKAGES[version2], "package.json");
  try {
    const platform = (0, import_node_module.createRequire)(launcher).resolve(
      `@openai/codex-${process.platform}-${process.arch}/package.json`
    );
    const vendor = import_node_path7.default.join(import_node_path7.default.dirname(platform), "vendor");
    return import_node_fs7.default.readdirSync(vendor).map((triple) => import_node_path7.default.join(vendor, triple, "bin/codex")).find((file) => import_node_fs7.default.existsSync(file));
  } catch {
    return void 0;
  }
}

// test/rig/tui.ts
var import_node_child_process2 = require("node:child_process");
function startTerminal(lab, argv) {
  const command = argv.map((arg) => `'${arg}'`).join(" ");
  const child = (0, import_node_child_process2.spawn)("script", ["-qefc", `stty rows 50 cols 140; exec ${command}`, "/dev/null"], {
    cwd: lab.repo,
    env: lab.env({ TERM: "xterm-256color", COLUMNS: "140", LINES: "50" }),
    stdio: ["pipe", "pipe", "ignore"],
    detached: true
  });
  let raw = "";
  let changed = () => void 0;
  const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  child.stdin.on("error", () => void 0);
  child.stdout.setEncoding("utf8").on("data", (text2) => {
    const before = raw.length;
    raw += text2;
    for (const [query, reply] of replies)
      if (raw.includes(query, before - query.length + 1)) child.stdin.write(reply);
    changed();
  });
  return {
    async shows(pattern, timeoutMs = 2e4) {
      const late = setTimeout(() => changed(), timeoutMs);
      const until = Date.now() + timeoutMs;
      try {
        while (!pattern.test(plain(raw))) {
          if (Date.now() >= until)
            throw new Error(`the screen never showed ${pattern}:
${plain(raw).slice(-4e3)}`);
          await new Promise((resolve) => changed = resolve);
        }
      } finally {
        clearTimeout(late);
      }
    },
    ended,
    text: () => plain(raw),
    raw: () => raw,
    type: (text2) => void child.stdin.write(text2),
    async close() {
      if (child.pid !== void 0) process.kill(-child.pid, "SIGKILL");
      await ended;
    }
  };
}
var replies = [
  ["\x1B[6n", "\x1B[1;1R"],
  ["\x1B[c", "\x1B[?62;c"],
  ["\x1B]10;?", "\x1B]10;rgb:ffff/ffff/ffff\x1B\\"],
  ["\x1B]11;?", "\x1B]11;rgb:0000/0000/0000\x1B\\"]
];
function plain(text2) {
  return text2.replaceAll(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, "").replaceAll(/\u001b\[[0-9;?<>=]*[HGfABCDd]/g, " ").replaceAll(/\u001b\[[0-9;?<>=]*[ -/]*[@-~]/g, "").replaceAll(/\u001b[@-Z\\-_=>]/g, "").replaceAll(/[ \t\r]+/g, " ");
}

// test/supervisor/rig.ts
var newestHead = ["--sort=-refname", "--format=%(objectname)", "refs/autonomous-loop/heads"];
function item(parts = {}) {
  const {
    title = "Write it",
    front = "",
    scope: scope2 = "[src/**]",
    tasks = "## T1: It is there\n- pathChanged: src/**\n",
    text: text2 = ""
  } = parts;
  return `---
scope: ${scope2}
${front}---
# ${title}
${text2}

${tasks}`;
}
function makeSite(parts) {
  const dir = import_node_fs8.default.mkdtempSync(import_node_path8.default.join(import_node_fs8.default.realpathSync(import_node_os.default.homedir()), ".autoloop-batch-"));
  const at = (...names) => import_node_path8.default.join(dir, ...names);
  const repo = at("repo");
  const home = at("codex-home/autoloop");
  const put = (file, text2) => {
    import_node_fs8.default.mkdirSync(import_node_path8.default.dirname(file), { recursive: true });
    import_node_fs8.default.writeFileSync(file, text2);
  };
  const git = (...args) => (0, import_node_child_process3.execFileSync)("git", args, { cwd: repo, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const script = (now) => put(at("script.json"), JSON.stringify(now));
  const agent = import_node_path8.default.join(projectRoot, "test/supervisor/fake-agent.js");
  const config2 = {
    version: 2,
    commands: { test: { argv: ["sh", "check.sh"], network: "none" } },
    gateProfiles: { fast: [], default: [], final: ["test"] },
    policy: { verify: "clean-room" },
    ...parts.config,
    supervisor: {
      agents: {
        fake: {
          adapter: "command",
          argv: [process.execPath, agent, at("script.json"), at("agent/log")],
          sandbox: parts.sandbox ?? "off",
          ...parts.sandbox === "on" ? { writable: [at("agent")] } : {}
        },
        ...parts.agents
      },
      ...parts.supervisor
    }
  };
  for (const [file, text2] of Object.entries({
    "check.sh": 'test ! -e src/bad.txt || { echo "bad.txt is there" >&2; exit 1; }\n',
    "src/a.txt": "a\n",
    ...parts.files
  }))
    put(import_node_path8.default.join(repo, file), text2);
  const root = import_node_path8.default.join(repo, parts.prefix ?? ".");
  put(import_node_path8.default.join(root, ".codex/autoloop.project.json"), `${JSON.stringify(config2, null, 2)}
`);
  for (const [name, text2] of Object.entries(parts.items)) put(import_node_path8.default.join(root, ".codex/backlog", name), text2);
  import_node_fs8.default.mkdirSync(at("agent"), { recursive: true });
  script(parts.script ?? {});
  git("init", "-q", "-b", "main");
  git("config", "user.name", "A Person");
  git("config", "user.email", "person@example.org");
  git("add", "-A");
  git("commit", "-qm", "start");
  recordCodex(home, at("codex-home"));
  const env = {
    PATH: `${import_node_path8.default.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: at("user"),
    CODEX_HOME: at("codex-home"),
    XDG_DATA_HOME: at("data")
  };
  import_node_fs8.default.mkdirSync(env.HOME, { recursive: true });
  const start = (args, more = {}, cwd = root) => startCli(cwd, args, { ...env, ...more });
  const ownGit = (...args) => (0, import_node_child_process3.execFileSync)("git", ["--git-dir", site.bare(), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"]
  });
  const site = {
    dir,
    repo,
    home,
    data: at("data/autonomous-loop"),
    env,
    at,
    git,
    write: (file, text2) => put(import_node_path8.default.join(repo, file), text2),
    script,
    start,
    cli: (args, more, cwd) => start(args, more, cwd).done,
    terminal: (args, own2 = {}) => startTerminal(
      {
        repo,
        env: (more) => ({ ...env, ...more, ...own2 })
      },
      [process.execPath, import_node_path8.default.join(projectRoot, "bin/autonomous-loop.js"), ...args]
    ),
    starts: () => import_node_fs8.default.existsSync(at("agent/log")) ? import_node_fs8.default.readFileSync(at("agent/log"), "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line)) : [],
    bare: () => {
      const ids = import_node_fs8.default.readdirSync(at("data/autonomous-loop"));
      const own2 = siteOf(repo);
      const id = ids.find((one) => own2.ok && one === own2.value.repoId) ?? ids[0] ?? "";
      return at("data/autonomous-loop", id, "repo.git");
    },
    head: () => ownGit("for-each-ref", ...newestHead).split("\n")[0] ?? "",
    show: (file, commit) => {
      try {
        return ownGit("show", `${commit ?? site.head()}:${file}`);
      } catch {
        return null;
      }
    },
    remove: () => removeOwned(dir)
  };
  return site;
}
function startCli(cwd, args, env, program = import_node_path8.default.join(projectRoot, "bin/autonomous-loop.js")) {
  const child = (0, import_node_child_process3.spawn)(process.execPath, [program, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"]
  });
  let [stdout, stderr] = ["", ""];
  const events = [];
  const waiting = /* @__PURE__ */ new Set();
  child.stdout.setEncoding("utf8").on("data", (text2) => {
    stdout += text2;
    events.splice(0, events.length, ...eventsIn(stdout));
    for (const look of waiting) look();
  });
  child.stderr.setEncoding("utf8").on("data", (text2) => stderr += text2);
  const done = new Promise(
    (resolve) => child.on("close", (code) => {
      resolve({ code, stdout, stderr, events });
      for (const look of waiting) look();
    })
  );
  return {
    child,
    done,
    event: (fits) => new Promise((resolve, reject) => {
      const look = () => {
        const found2 = events.find(fits);
        if (found2) resolve(found2);
        else if (child.exitCode !== null) reject(new Error(`it ended before: ${stdout}${stderr}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    })
  };
}
function eventsIn(stdout) {
  return stdout.split("\n").flatMap((line) => {
    if (!line.startsWith('{"seq":')) return [];
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}
function recordCodex(home, codexHome) {
  import_node_fs8.default.mkdirSync(homePaths(home).sandboxHome, { recursive: true });
  const native = codexBinary();
  writeMachine(home, {
    v: 1,
    version: "0.0.0",
    installedAt: 1,
    node: process.execPath,
    codexHome,
    codex: { path: native, native, version: null },
    stopTimeoutSeconds: 600,
    nodePty: null,
    hooks: [],
    hooksInstalled: null,
    files: {}
  });
}

// ../../../tmp/look/try3.mts
void (async () => {
  const at = makeSite({ items: { "001-a.md": item(), "002-b.md": item({ front: "after: [001]\n" }) }, script: {
    "001": [{ start: 1, steps: [{ sh: "sleep 600" }] }, { steps: [{ write: "src/a.txt", text: "a\n" }] }],
    "002": [{ answer: { status: "blocked", summary: "which format?" } }]
  } });
  const t0 = Date.now();
  const log = (...a) => console.log(((Date.now() - t0) / 1e3).toFixed(1), ...a);
  log((await at.cli(["allow"])).code);
  const follows = at.start(["events", "--follow", "--batch", "--json"]);
  const plain2 = at.start(["events", "--follow", "--text"]);
  for (const [n, p] of [["F", follows], ["P", plain2]]) {
    p.child.stdout.on("data", (d) => log(n, d.toString().slice(0, 150)));
    p.child.stderr.on("data", (d) => log(n, "ERR", d.toString()));
    p.child.on("exit", (c) => log(n, "exit", c));
  }
  const killed = at.start(["run", "--json"]);
  await killed.event((one) => one.type === "turn-begun");
  log("begun");
  killed.child.kill("SIGKILL");
  await killed.done;
  log("killed");
  const second = at.start(["run", "--json"]);
  second.child.stdout.on("data", (d) => log("R", d.toString().slice(0, 120)));
  const ran = await second.done;
  log("second", ran.code, ran.stderr);
  setTimeout(() => {
    follows.child.kill();
    plain2.child.kill();
    at.remove();
    process.exit();
  }, 5e3);
})();
