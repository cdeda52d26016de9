package network.tachi.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Parameters of path and query become fields, beside and over what is there already. */
class ProtoJsonTest {
  private static Map<String, List<String>> parameters(String... namesAndValues) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    return parameters;
  }

  @Test
  void parameters_ofOneNestedMessage_shouldAllBeSet() {
    HttpRule.Builder rule = HttpRule.newBuilder();
    ProtoJson.mergeParameters(parameters("custom.kind", "a", "custom.path", "b"), rule);
    assertThat(rule.getCustom())
        .isEqualTo(CustomHttpPattern.newBuilder().setKind("a").setPath("b").build());
  }

  @Test
  void parameter_shouldReplaceWhatTheBodyHeld() {
    HttpRule.Builder rule =
        ProtoJson.merge("{\"selector\":\"x\",\"body\":\"y\"}", HttpRule.newBuilder());
    ProtoJson.mergeParameters(parameters("selector", "z"), rule);
    assertThat(rule.build()).isEqualTo(HttpRule.newBuilder().setSelector("z").setBody("y").build());
  }

  @Test
  void parameter_ofZero_shouldReplaceToo() {
    HttpRule.Builder rule = HttpRule.newBuilder().setSelector("x");
    ProtoJson.mergeParameters(parameters("selector", ""), rule);
    assertThat(rule.getSelector()).isEmpty();
  }

  @Test
  void parameters_ofOneChoice_shouldLeaveTheLast() {
    HttpRule.Builder rule = HttpRule.newBuilder();
    ProtoJson.mergeParameters(parameters("get", "a", "put", "b"), rule);
    assertThat(rule.build()).isEqualTo(HttpRule.newBuilder().setPut("b").build());
  }
}
