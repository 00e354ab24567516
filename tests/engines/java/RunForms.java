// Fills XForms in JavaRosa, the engine of KoboCollect and ODK Collect, the way an enumerator does: question by
// question, twice over, since an answer can bring up a question before it. Writes what the form comes to.
//
// java -cp ODK_Validate.jar RunForms.java FOLDER: for each NAME.xml there, reads NAME.in and writes NAME.out.

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.javarosa.core.model.*;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.*;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.form.api.*;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.*;

public class RunForms {
  public static void main(String[] args) throws Exception {
    PrototypeManager.registerPrototypes(CoreModelModule.classNames);
    PrototypeManager.registerPrototypes(JavaRosaCoreModule.classNames);
    new XFormsModule().registerModule();
    File[] forms = new File(args[0]).listFiles((folder, name) -> name.endsWith(".xml"));
    Arrays.sort(forms);
    for (File form : forms) new RunForms(form.getPath().substring(0, form.getPath().length() - 4)).run();
  }

  final String path;
  PrintStream out;
  FormDef form;
  FormInstance blank;

  RunForms(String path) { this.path = path; }

  // In: "S", then lines of question, row and value, then "E"; again for every set of answers.
  void run() throws Exception {
    out = new PrintStream(new FileOutputStream(path + ".out"), false, "UTF-8");
    form = XFormUtils.getFormFromInputStream(new FileInputStream(path + ".xml"));
    blank = form.getMainInstance().clone();
    Map<String, String> set = null;
    for (String line : Files.readAllLines(Paths.get(path + ".in"), StandardCharsets.UTF_8)) {
      if (line.equals("S")) set = new HashMap<>();
      else if (line.equals("E")) fill(set);
      else { String[] parts = line.split("\t", 3); set.put(parts[0] + "#" + parts[1], parts[2]); }
    }
    out.close();
  }

  void fill(Map<String, String> set) {
    form.setInstance(blank.clone());
    form.initialize(true, new InstanceInitializationFactory());
    FormEntryController entry = new FormEntryController(new FormEntryModel(form));
    for (int pass = 0; pass < 2; pass++) {
      entry.jumpToIndex(FormIndex.createBeginningOfFormIndex());
      int event;
      while ((event = entry.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM)
        if (event == FormEntryController.EVENT_QUESTION) answer(entry, set);
    }
    write(form.getMainInstance().getRoot(), "");
    out.println("E");
  }

  void answer(FormEntryController entry, Map<String, String> set) {
    FormEntryPrompt prompt = entry.getModel().getQuestionPrompt();
    TreeReference place = prompt.getIndex().getReference();
    int row = 0;
    for (int step = 0; step < place.size(); step++) row = Math.max(row, place.getMultiplicity(step));
    String value = set.get(place.getNameLast() + "#" + row);
    if (value == null || prompt.isReadOnly() || prompt.getAnswerValue() != null) return;
    IAnswerData data = XFormAnswerDataParser.getAnswerData(value, prompt.getDataType(), prompt.getQuestion());
    if (entry.answerQuestion(data, false) != FormEntryController.ANSWER_OK)
      out.println("R\t" + place.getNameLast() + "\t" + value);
  }

  // Out: path, whether it applies, value, for every node; "R" lines for answers that were refused; "E" after each set.
  void write(TreeElement element, String above) {
    for (int number = 0; number < element.getNumChildren(); number++) {
      TreeElement child = element.getChildAt(number);
      if (child.getMult() == TreeReference.INDEX_TEMPLATE) continue;
      String at = above + "/" + child.getName() + (child.isRepeatable() ? "[" + child.getMult() + "]" : "");
      String value = child.getValue() == null ? "" : child.getValue().uncast().getString();
      out.println(at + "\t" + (child.isRelevant() ? "yes" : "no") + "\t" + value.replace('\n', ' '));
      write(child, at);
    }
  }
}
