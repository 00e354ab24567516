/*
 * What the note guard looks for: shapes and words that hint at a person who could be found, or at an opinion.
 * It sees shapes, not meanings: it misses some and asks about some that are harmless. Pages of the book load it when
 * someone begins to type a note; the widget and the single file hold it. Every pattern has bounded repeats, so that
 * a long text takes a time in proportion to its length.
 */
(function () {
  "use strict";

  var engine = globalThis.ctInstruments;

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
  var BORN = new RegExp("(?:^|[^\\p{L}])(?:born|d\\.?o\\.?b|birth(?:day|date)|of birth|naci|nasci|nac\\.|née?[ ,:]|naissance|geb\\.|geboren|geburt|рожд|родил|народж|lahir|sinh|ipinanganak|doğum|γενν|ծնվ|დაბად|נולד|تولد|متولد|مواليد|[وت]?ولدت?|الميلاد|الولادة|پیدا|ተወለ)[^\\d\\n]{0,20}\\d[\\d./-]{0,9}(?:(?: de)? \\p{L}{3,10},?(?: de)? \\d{4})?"
    + "|(?:เกิด|កើត|ເກີດ|မွေး|जन्म|জন্ম|出生|生年月日|생년월일)[^\\d\\n]{0,20}\\d[\\d./-]{0,9}"
    + "|\\d[\\d./年月日년월일 -]{3,14}(?:г\\.? ?р|出?生|년생|မွေး|में जन्म|সালে জন্ম)", "giu");

  var DIGITS = /[+(]{0,2}\d(?:[ .()/-]{0,2}\d){6,17}/g;
  var TOKEN = /\p{Lu}{1,2} \d{6,9}(?!\d)|\p{Lu}{1,3}-\d{7,9}(?!\d)|[\p{L}\d]{7,34}/gu;
  var DOCUMENT = /(?:pas+[ae]?po|паспорт|(?:^|\W)id(?:entity|entidad)?\W|ident|document|cédula|dokument|جواز|هوية|पासपोर्ट|পাসপোর্ট|หนังสือเดินทาง|บัตร|លិខិតឆ្លងដែន|ໜັງສືຜ່ານແດນ|နိုင်ငံကူး|护照|身份证|旅券|여권)[^\d\n]{0,20}$/iu;
  /* Round numbers and groups of three are money more often than anything else. */
  var MONEY = /^(?:\d{1,2}(?:[ .]\d{3}){2,}|\d{1,3}(?:[ .]?\d{3})*[ .]?000)$/;

  /* Words before a name. Where a script has capitals, the name has one; elsewhere the word itself has to do. */
  var TITLE = new RegExp("(?:^|[^\\p{L}])(?:mr|mrs|ms|miss|sra?|señora?|mme|monsieur|madame|herr|frau|named?|nickname|called|name is|llamad[oa]|se llama|nombre|nommée?|s'appelle|prénom|chama(?:d[oa])?|nome|hei(?:ß|ss)t|namens|зовут|по имени|имя|г-н|г-жа|bernama|nama|bapak|ibu|pak|bu|tên(?: là)?|anh|chị|ông|bà|adı|isimli|si|kuya|ate"
    + "|(?:brother|sister|mother|father|uncle|aunt|cousin|friend|husband|wife|boyfriend|girlfriend|son|daughter|herman[oa]|madre|padre|t[ií][oa]|prim[oa]|amig[oa]|marido|esposa|frère|sœur|mère|père|oncle|tante|ami|mari|bruder|schwester|mutter|vater|onkel|irmão|irmã|mãe|брат[ау]?|сестр[аеуы]|мать|отец|дядя|т[её]тя|муж|друг|подруга)(?: is)?),?:? {1,3}", "giu");
  var CAPITAL = /\p{Lu}[\p{L}\p{M}]{1,30}(?:[ -]\p{Lu}[\p{L}\p{M}]{1,30}){0,3}/uy;
  var CUE = new RegExp("(?:ชื่อ(?!เสียง|บริษัท|เล่น)|นางสาว|น\\.ส\\.|นาย(?!จ้าง|หน้า|ทหาร|อำเภอ|ทุน)|ឈ្មោះ|កញ្ញា|ຊື່|ທ້າວ|ນາງສາວ|အမည်|နာမည်|ဒေါ်(?!လာ)|名叫|姓名|名字[是叫]?|叫(?=[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗])|叫做|名前[はが]?|氏名)[ :：]{0,2}[\\p{L}\\p{M}]{2,20}"
    + "|(?:^|[^\\p{L}\\p{M}\u200c])(?:(?:[وب]?اسم(?:ه|ها|ي)?|[وي]?[تي]دعى|السيدة?|المدعوة?|به نام|نامش|کا نام|کی نام|आपका नाम|नाम|श्री|श्रीमती|कुमारी|নাম|জনাব|שמו|שמה|בשם|ስሙ|ስሟ|አቶ|ወይዘሮ|სახელად|이름[은이]?|성명)[ :]{1,2}(?!ال|नहीं|दर्ज|न |বলে|নেই)[\\p{L}\\p{M}]{2,20}|[가-힣]{2,4} 씨)"
    + "|[\\u4e00-\\u9fff]{2,4}さん|[^\\s位她他我你的名个些，。、：](?:先生|女士|小姐)", "giu");
  var WORD = "(?:\\p{Lu}(?:['’]\\p{Lu})?\\p{M}?\\p{Ll}[\\p{L}\\p{M}]{0,30}|\\p{Lu}{4,20})(?:['’-][\\p{L}\\p{M}]{1,30}){0,3}";
  var RUN = new RegExp(WORD + "(?: (?:(?:de|da|do|dos|del|la|van|von|der|bin|binti|ibn|al|el) ){0,2}" + WORD + "){1,5}", "gu");
  /* Words that open a sentence, and words of which a run says that it names no person. */
  var OPENS = /^(?:the|an?|s?he|it|they|we|you|his|her|their|this|that|in|on|at|to|by|for|from|with|after|before|when|while|since|during|as|if|and|but|both|one|two|no|client|ask|call|told|met|saw|then|yesterday|today|later|el|los|las|un|una|su|en|con|por|desde|después|al|le|les|une|elle|il|au|aux|dans|depuis|après|avec|die|das|sie|er|am|im|nach|seit|mit|os|as|ela|ele|na|em|depois|в|на|он|она|из|после|с|по|и|di|pada|dia|setelah|dari|tại|ở|ang|sa|noong|si|η|ο|το|στ[ηο]ν?)$/iu;
  var OTHER = new RegExp("^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december|(?:mon|diens|mitt|donners|frei|sams|sonn)tag|januar|februar|märz|juni|juli|dezember|phnom|siem|kuala|addis|buenos|sri|costa|saudi|arabia|hong|kong|chi|hà|hanoi|abu|sierra|burkina|chiang|viet|việt|lao|tel|papua|puerto|rio|cape|dar|koh|ulaan|new|old|san|santa|são|saint|st|los|las|north|south|east|west|central|great|red|roja|rouge|vermelha|cruz|croix|rote[ns]?|kreuz|amnesty|côte|rp|un\\p{L}{2,5}|facebook|google|whatsapp|excel|word|palermo|geneva|"
    + "(?:minist|pol[ií][ctz]|federal|conse|court|cross|crescent|hospital|embas|embaj|ambassad|consul|protocol|convention|convención|univers|airport|union|unidos|nation|naciones|organi[sz]|international|internacional|cent(?:re|er|ro|ral)|street|road|river|provin|district|region|republic|república|république|kingdom|school|church|compan|factor|agenc|servic|department|committee|council|project|program|labo|government|rights|bundes|oficina|tribunal|defensor|fiscal|kementerian|kantor|polisi|rumah|jalan|kabupaten|provinsi|kota|thành|tỉnh|quận|huyện|công|bệnh|красн|крест|министер|полиц|организац|област|район|город|центр|верховн|суд|украин|росси|нов|больш|санкт|ερυθρ|υπουργ|ελλην|կարմիր|նախարար|kızıl|bakanl|emniyet)[\\p{L}\\p{M}]*|act|law|port|hotel|bank|office|city|village|island|state|states|world|human|bay|beach|border|station|market|ltd|group|unit|fund|bar|restaurant|save|children|day|night|shift|eve|christmas|easter)$", "iu");
  var PLACED = /(?:^|\P{L})(?:in|near|via|at|en|em|à|au|nach|aus|в|во|из|на|di|ke|dari|tại|ở|sa|w)\s+$/u;

  var ADDRESS = new RegExp("(?:^|[^\\p{L}\\d])(?:\\d{1,5}[A-Za-z]?,? (?:\\p{Lu}[\\p{L}.'’-]{0,20} ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd)(?!\\p{L})|\\d{1,4}(?: bis)?,? (?:rue|avenue|boulevard|via) \\p{Lu}"
    + "|(?:Street|St\\.|Road|[Hh]ouse no\\.?|[Hh]ouse number|[Ff]lat|[Aa]partment|[Aa]pt|[Bb]arangay) (?:[Nn]o\\.? ?|#)?\\d"
    + "|(?:[Cc]alle|[Aa]venida|[Aa]v\\.|[Rr]ua|[Rr]ue|Via|[Jj]alan|[Jj]l\\.|[Уу]л\\.|[Уу]лиц[аеы]|[Вв]ул\\.|[Пп]росп[^ \\d]{0,8}|[Đđ]ường|[Ss]ố nhà|[Cc]adde[^ \\d]{0,4}|[Ss]ok[^ \\d]{0,4}|[ΟΌοό]δός|ul\\.)(?= ) ?[^\\d\\n;]{0,30}\\d"
    + "|\\p{Lu}[\\p{L}-]{1,30}(?:straße|strasse|str\\.|weg|gasse) \\d|дом \\d|кв\\. ?\\d|(?:شارع|خیابان|کوچه|पता|मकान|गली|मार्ग|রোড|সড়ক|বাড়ি|রাস্তা|רחוב|ქუჩა)[^\\d\\n]{0,20}\\d"
    + ")[\\d/A-Za-z-]{0,6}|(?:ถนน|ซอย|บ้านเลขที่|หมู่ที่|ផ្លូវ|ផ្ទះលេខ|ຖະໜົນ|ເຮືອນເລກທີ|လမ်း|အိမ်အမှတ်)[^\\d\\n]{0,20}\\d{1,5}|[路街道巷]\\d{1,5}[号號弄]|\\d{1,4}(?:丁目|番地)|\\d[^\\d\\n]{0,15}လမ်း|[로길] \\d{1,4}", "gu");

  var OPINION = new RegExp("(?:^|[^\\p{L}])(?:obviously|evidently|of course|probably|seem(?:s|ed)?|appears? to be|liar|lying|lied|lies about|prostitut\\p{L}{1,4}|whore|hyst[eé]ri\\p{L}{1,6}|manipulative?|manipulador\\p{L}?|manipulatrice|refus\\p{L}{1,3} to co-?operate|uncooperative|promiscuous|addict|not credible|exaggerat\\p{L}{1,3}|crazy|lazy|stupid|typical|obviamente|mentiros[oa]|miente|parece|no coopera|évidemment|sans doute|menteu\\p{L}{1,3}|semble|refuse de coopérer|offensichtlich|lügt|lügnerin|hysterisch|manipulativ|scheint|очевидно|л[жг][её]т|вр[её]т|проститутк\\p{L}|истери\\p{L}{1,8}|манипул\\p{L}{1,8}|кажется|отказыва\\p{L}{1,4} сотрудничать|jelas-jelas|berbohong|pelacur|sepertinya|rõ ràng|nói dối|halatang|sinungaling|belli ki|yalancı|من الواضح|كاذبة?|[تي]كذب|عاهرة|[تي]بدو|झूठ|वेश्या|মিথ্যা|পতিতা|दोषी)(?![\\p{L}\\p{M}])"
    + "|โกหก|เห็นได้ชัด|โสเภณี|កុហក|ស្រីពេស្យា|ຕົວະ|လိမ်|显然|撒谎|说谎|妓女|明らかに|嘘|売春婦|분명히|거짓말", "giu");
  var QUOTED = /["“«„「][^"”»“」]{1,300}["”»“」]/g;

  function each(pattern, text, see) {
    var found;
    pattern.lastIndex = 0;
    while ((found = pattern.exec(text))) see(found[0], found.index, found);
  }

  function same(length) { return "~".repeat(length); }

  /* What should perhaps not stand in a note: [{kind, start, end}], in the order of the text. */
  function check(text) {
    var flat = plainDigits(text), found = [], year = new Date().getFullYear() - 10;

    function add(kind, start, end) {
      while (start < end && /[^\p{L}\p{N}+(@]/u.test(text[start]) && !/[\ud800-\udfff]/.test(text[start])) start += 1;
      while (end > start && /[\s.,;:]/.test(text[end - 1])) end -= 1;
      if (found.some(function (other) { return start < other.end && end > other.start; })) return;
      found.push({ kind: kind, start: start, end: end });
      flat = flat.slice(0, start) + same(end - start) + flat.slice(end);
    }

    function rule(kind, pattern, source) {
      each(pattern, source || flat, function (part, at) { add(kind, at, at + part.length); });
    }

    rule("email", EMAIL);
    rule("birth", BORN);
    flat = flat.replace(DATE, function (part, first, _, __, last, at) {
      if (/[\d./-]/.test(flat[at - 1] || "")) return part;
      var when = Number(first || last);
      when += when > 2400 ? -543 : when < 1500 ? 621 : 0; /* Thai and Iranian years */
      if (when > 1900 && when <= year) found.push({ kind: "birth", start: at, end: at + part.length });
      return same(part.length);
    }).replace(YEARS, function (part, at) { return /[\d./-]/.test(flat[at - 1] || "") ? part : same(part.length); });
    rule("address", ADDRESS);
    each(TOKEN, flat, function (part, at) {
      var digits = part.replace(/\D/g, "").length, letters = part.length - digits;
      if (digits > 4 && letters && (letters < 3 || part === part.toUpperCase()) && !/000\b|年/.test(part)) add("document", at, at + part.length);
    });
    each(DIGITS, flat, function (part, at) {
      var digits = part.replace(/\D/g, ""), before = flat.slice(Math.max(0, at - 40), at), end = at + part.length;
      var led = /^[+(]{0,2}0|^[+(]/.test(part);
      if (/[\p{L}\d_](?:[-/]{0,1})$/u.test(before) || digits.length < 7) return;
      if (!led && MONEY.test(part)) return;
      var paper = DOCUMENT.test(before) || !led && (digits.length > 11 || part.length === 9 && digits.length === 9 || /^\d{3}-\d\d-\d{4}$/.test(part));
      add(paper ? "document" : "phone", at, end);
    });
    each(CUE, flat, function (part, at) { add("name", at, at + part.length); });
    each(TITLE, flat, function (part, at) {
      CAPITAL.lastIndex = at + part.length;
      var name = CAPITAL.exec(flat);
      TITLE.lastIndex -= 1; /* the space may stand before the next one */
      if (name && !OTHER.test(name[0].split(" ")[0])) add("name", at + part.length, CAPITAL.lastIndex);
    });
    each(RUN, flat, function (part, at) {
      var names = part.split(" "), first = at;
      if (OPENS.test(names[0])) first += names.shift().length + 1;
      var after = /^ [\p{L}]{1,30}/u.exec(flat.slice(at + part.length, at + part.length + 32)); /* "… company" */
      if (after) names.push(after[0].slice(1));
      if (names.length < (after ? 3 : 2) || names.some(function (name) { return OTHER.test(name); }) || PLACED.test(flat.slice(Math.max(0, first - 12), first))) return;
      add("name", first, at + part.length);
    });
    rule("opinion", OPINION, flat.replace(QUOTED, function (part) { return same(part.length); }));
    return found.sort(function (one, two) { return one.start - two.start; });
  }

  engine.guard = { check: check };
}());
