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
  var DATE = /(?:([12]\d{3})([-./])[01]?\d\2[0-3]?\d|[0-3]?\d([-./])[0-3]?\d\3([12]\d{3}|\d\d))(?![-./]?\d)/g;
  /* Case numbers, spans of years: 2026-0142, 2019/2023. */
  var YEARS = /(?:19|20)\d\d ?[-–/] ?\d{1,4}(?![-./ ]?\d)/g;
  var BORN = new RegExp("(?:^|[^\\p{L}])(?:born|d\\.?o\\.?b|birth(?:day|date)|of birth|naci|nasci|nac\\.|née?[ ,:]|naissance|geb\\.|geboren|geburt|рожд|родил|народж|lahir|sinh|ipinanganak|doğum|γενν|ծնվ|დაბად|נולד|تولد|متولد|مواليد|[وت]?ولدت?|الميلاد|الولادة|پیدا|ተወለ)[^\\d\\n]{0,20}\\d[\\d./-]{0,9}"
    + "|(?:เกิด|កើត|ເກີດ|မွေး|जन्म|জন্ম|出生|生年月日|생년월일)[^\\d\\n]{0,20}\\d[\\d./-]{0,9}"
    + "|\\d[\\d./年月日년월일 -]{3,14}(?:г\\.? ?р|生|년생|မွေး|में जन्म|সালে জন্ম)", "giu");

  var DIGITS = /[+(]{0,2}\d(?:[ .()/-]{0,2}\d){6,17}/g;
  var TOKEN = /\p{Lu}{1,2} \d{6,9}(?!\d)|\p{Lu}{1,3}-\d{7,9}(?!\d)|[\p{L}\d]{7,34}/gu;
  var DOCUMENT = /(?:pas+[ae]?po|паспорт|(?:^|\W)id(?:entity|entidad)?\W|ident|document|cédula|dokument|جواز|هوية|पासपोर्ट|পাসপোর্ট|หนังสือเดินทาง|บัตร|លិខិតឆ្លងដែន|ໜັງສືຜ່ານແດນ|နိုင်ငံကူး|护照|身份证|旅券|여권)[^\d\n]{0,20}$/iu;
  var MONEY = "\\p{Sc}|[A-Z]{3}(?!\\p{L})|R[pMs]|US|Tk|riel|baht|dong|đồng|rupiah|kip|kyat|taka|rupee|peso|dollar|euro|руб|บาท|រៀល|ກີບ|ကျပ်|रु|টাকা|ريال|درهم|دينار|元|円|원";
  var PAID = new RegExp("^ ?(?:" + MONEY + ")", "u"), PAYS = new RegExp("(?:^|\\P{L})(?:" + MONEY + ")\\.? ?$", "u");

  /* Words before a name. Where a script has capitals, the name has one; elsewhere the word itself has to do. */
  var TITLE = new RegExp("(?:^|[^\\p{L}])(?:mr|mrs|ms|miss|sra?|señora?|mme|monsieur|madame|herr|frau|named?|nickname|called|name is|llamad[oa]|se llama|nombre|nommée?|s'appelle|prénom|chamad[oa]|nome|hei(?:ß|ss)t|namens|зовут|по имени|имя|г-н|г-жа|bernama|nama|bapak|ibu|pak|bu|tên(?: là)?|anh|chị|ông|bà|adı|isimli|si|kuya|ate"
    + "|(?:brother|sister|mother|father|uncle|aunt|cousin|friend|husband|wife|boyfriend|girlfriend|son|daughter|herman[oa]|madre|padre|t[ií][oa]|prim[oa]|amig[oa]|marido|esposa|frère|sœur|mère|père|oncle|tante|ami|mari|bruder|schwester|mutter|vater|onkel|irmão|irmã|mãe|брат[ау]?|сестр[аеуы]|мать|отец|дядя|т[её]тя|муж|друг|подруга)(?: is)?),?:?[ ]+", "giu");
  var CAPITAL = /\p{Lu}[\p{L}\p{M}]+(?:[ -]\p{Lu}[\p{L}\p{M}]+){0,3}/uy;
  var CUE = new RegExp("(?:ชื่อ(?!เสียง|บริษัท|เล่น)|นางสาว|น\\.ส\\.|นาย(?!จ้าง|หน้า|ทหาร|อำเภอ|ทุน)|ឈ្មោះ|កញ្ញា|ຊື່|ທ້າວ|ນາງສາວ|အမည်|နာမည်|ဒေါ်(?!လာ)|名叫|姓名|名字[是叫]?|叫做|名前[はが]?|氏名)[ :：]{0,2}[\\p{L}\\p{M}]{2,20}"
    + "|(?:^|[^\\p{L}\\p{M}\u200c])(?:(?:[وب]?اسم(?:ه|ها|ي)?|[وي]?[تي]دعى|السيدة?|المدعوة?|به نام|نامش|کا نام|کی نام|आपका नाम|नाम|श्री|श्रीमती|कुमारी|নাম|জনাব|שמו|שמה|בשם|ስሙ|ስሟ|አቶ|ወይዘሮ|სახელად|이름[은이]?|성명)[ :]{1,2}(?!ال|नहीं|दर्ज|न |বলে|নেই)[\\p{L}\\p{M}]{2,20}|[가-힣]{2,4} 씨(?![가-힣]{2}))"
    + "|[\\u4e00-\\u9fff]{2,4}さん|[^\\s位她他我你的名个些，。、：](?:先生|女士|小姐)", "giu");
