/*
 * The note guard: hints while someone types a text, on what should not be in a note. It never blocks, keeps nothing
 * and sends nothing. It sees shapes, not meanings: it misses some and asks about some that are harmless.
 * Every pattern has bounded repeats, so that a long text takes a time in proportion to its length.
 */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments, element = engine.element;

  /* Digits of every script as 0 to 9, one for one, so that places in the text stay. */
  function plainDigits(text) {
    return text.replace(/\p{Nd}/gu, function (digit) {
      var code = digit.charCodeAt(0);
      return digit.length > 1 ? digit : (code - (code > 2303 && code < 3584 ? 6 : 0)) & 15;
    });
  }

  var EMAIL = /[^\s@＠<>(),;:"]{0,64}(?:[@＠]| ?[([]at[)\]] ?)[\p{L}\p{N}_][\p{L}\p{N}_.-]{2,80}/giu;
  var DATE = /\d{1,4}([-./])\d{1,2}\1\d{2,4}/g;
  var YEARS = /(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d|\d{1,2}[:.]\d\d ?[-–] ?\d{1,2}[:.]\d\d/g;
  var BORN = new RegExp("(?:^|[^\\p{L}])(?:born|d\\.?o\\.?b|birth(?:day|date)|of birth|naci|nasci|nac\\.|née?[ ,:]|naissance|geb\\.|geboren|geburt|рожд|родил|народж|lahir|sinh|ipinanganak|doğum|γενν|ծնվ|დაბად|נולד|تولد|متولد|مواليد|[وت]?ولدت?|الميلاد|الولادة|پیدا|ተወለ)[^\\d\\n]{0,20}\\d[\\d./-]{0,9}"
    + "|(?:เกิด|កើត|ເກີດ|မွေး|जन्म|জন্ম|出生|生年月日|생년월일)[^\\d\\n]{0,20}\\d[\\d./-]{0,9}"
    + "|\\d[\\d./年月日년월일 -]{3,14}(?:г\\.? ?р|生|년생|မွေး|में जन्म|সালে জন্ম)", "giu");

  var DIGITS = /[+(]{0,2}\d(?:[ .()/-]{0,2}\d){6,17}/g;
  var TOKEN = /\p{Lu}{1,2} \d{6,9}(?!\d)|\p{Lu}{1,3}-\d{7,9}(?!\d)|[\p{Lu}\d]{7,34}/gu;
  var DOCUMENT = /(?:pas+[ae]?po|паспорт|(?:^|\W)id(?:entity|entidad)?\W|ident|document|cédula|dokument|جواز|هوية|पासपोर्ट|পাসপোর্ট|หนังสือเดินทาง|บัตร|លិខិតឆ្លងដែន|ໜັງສືຜ່ານແດນ|နိုင်ငံကူး|护照|身份证|旅券|여권)[^\d\n]{0,20}$/iu;
  var MONEY = "\\p{Sc}|[A-Z]{3}(?!\\p{L})|rp|rm|rs|riel|baht|dong|đ|rupiah|kip|kyat|taka|rupee|peso|dollar|euro|руб|บาท|រៀល|ກີບ|ကျပ်|रु|টাকা|ريال|درهم|دينار|元|円|원";
  var PAID = new RegExp("^ ?(?:" + MONEY + ")", "iu"), PAYS = new RegExp("(?:" + MONEY + ")\\.? ?$", "iu");
