/* Files that only a passphrase opens: the twin of seal.py. Keys and passphrases are kept nowhere. */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments, Refusal = engine.Refusal, subtle = (globalThis.crypto || {}).subtle;
  var FORMAT = "ct-sealed/1", KDF = "PBKDF2-HMAC-SHA256", CIPHER = "AES-256-GCM", BLOCK = 1024, TAG = 16;

  function toText(bytes) {
    var text = "";
    bytes.forEach(function (byte) { text += String.fromCharCode(byte); });
    return btoa(text);
  }

  /* Strict: of the several spellings of the same bytes only one is taken. */
  function toBytes(text) {
    var bytes = null;
    try { bytes = Uint8Array.from(atob(text), function (sign) { return sign.charCodeAt(0); }); } catch (error) { /* told below */ }
    if (!bytes || toText(bytes) !== text) throw new Refusal("SEA_003");
    return bytes;
  }

  function encode(text) { return new TextEncoder().encode(text); }

  function keyOf(passphrase, salt, rounds, use) {
    if (!subtle) throw new Refusal("SEA_007");
    if (!passphrase) throw new Refusal("SEA_005");
    return subtle.importKey("raw", encode(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]).then(function (base) {
      var how = { name: "PBKDF2", hash: "SHA-256", salt: salt, iterations: rounds };
      return subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [use]);
    });
  }

  /* The header is authenticated with the text: one member a line. */
  function how(file, nonce) {
    var head = ["format", "kdf", "iterations", "salt", "cipher", "nonce"].map(function (key) { return file[key]; });
    return { name: "AES-GCM", iv: nonce, additionalData: encode(head.join("\n")) };
  }

  function isSealed(text) { return /^\ufeff?\s*\{\s*"format"\s*:\s*"ct-sealed\//.test(text); }

  /* Promises the sealed file. A nonce may never be used twice with one key; only the test vectors give `fixed`. */
  function seal(text, passphrase, fixed) {
    return Promise.resolve().then(function () {
      var drawn = fixed || {}, bytes = encode(text), padded = new Uint8Array(Math.ceil((bytes.length + 1) / BLOCK) * BLOCK);
      var salt = drawn.salt ? toBytes(drawn.salt) : crypto.getRandomValues(new Uint8Array(16));
      var nonce = drawn.nonce ? toBytes(drawn.nonce) : crypto.getRandomValues(new Uint8Array(12));
      var file = { format: FORMAT, kdf: KDF, iterations: drawn.iterations || 600000, salt: toText(salt), cipher: CIPHER, nonce: toText(nonce) };
      padded.set(bytes);
      padded[bytes.length] = 0x80;
      return keyOf(passphrase, salt, file.iterations, "encrypt").then(function (key) {
        return subtle.encrypt(how(file, nonce), key, padded);
      }).then(function (data) {
        file.data = toText(new Uint8Array(data));
        return JSON.stringify(file, null, 2) + "\n";
      });
    });
  }

  function unseal(text, passphrase) {
    return Promise.resolve().then(function () {
      var file = null;
      if (text.length > 6000000) throw new Refusal("SEA_006");
      try { file = JSON.parse(text.replace(/^\ufeff/, "")); } catch (error) { throw new Refusal(isSealed(text) ? "SEA_003" : "SEA_002"); }
      if (!file || file.format !== FORMAT || file.kdf !== KDF || file.cipher !== CIPHER) throw new Refusal("SEA_002");
      if ([file.salt, file.nonce, file.data].some(function (part) { return typeof part !== "string"; }) ||
          !Number.isInteger(file.iterations)) throw new Refusal("SEA_003");
      if (file.iterations < 100000 || file.iterations > 5000000) throw new Refusal("SEA_004");
      var salt = toBytes(file.salt), nonce = toBytes(file.nonce), data = toBytes(file.data);
      if (salt.length !== 16 || nonce.length !== 12 || data.length <= TAG || (data.length - TAG) % BLOCK) throw new Refusal("SEA_003");
      return keyOf(passphrase, salt, file.iterations, "decrypt").then(function (key) {
        return subtle.decrypt(how(file, nonce), key, data).then(function (found) {
          var bytes = new Uint8Array(found), end = bytes.length;
          while (end && !bytes[end - 1]) end -= 1;
          if (bytes[end - 1] !== 0x80) throw new Refusal("SEA_001");
          return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end - 1));
        }).catch(function () { throw new Refusal("SEA_001"); });
      });
    });
  }

  Object.assign(engine, { seal: seal, unseal: unseal, isSealed: isSealed, canSeal: Boolean(subtle) });
}());
