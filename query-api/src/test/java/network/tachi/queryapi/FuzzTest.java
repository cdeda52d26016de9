package network.tachi.queryapi;

import static network.tachi.queryapi.Filled.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.helidon.http.Method;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.contracts.policy.Category;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.policy.PolicyRule;
import network.tachi.contracts.policy.Purpose;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.server.ProtoJson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whatever a parameter holds, the answer is an answer or says what is wrong. */
class FuzzTest {
  private static final List<String> NASTY =
      List.of(
          "",
          "0",
          "1",
          "-1",
          "+1",
          "01",
          "1.0",
          "1e3",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "18446744073709551616",
          "340282366920938463463374607431768211456",
          "0x",
          "0x0",
          "0x" + "f".repeat(40),
          "0x" + "F".repeat(64),
          "null",
          "true",
          "{}",
          "[]",
          "\"",
          "'; drop table chain.block; --",
          "%",
          "_",
          "\\",
          "\u0000",
          "a\nb",
          "\u202e\ud83d\ude00",
          "..",
          "http://",
          "http://a.example:99999999/",
          "https://news.example/%00",
          "https://news.example/%zz",
          "https://user@news.example/",
          "a".repeat(5000));

  private static final Filled FILLED = new Filled();

  @AfterAll
  static void stop() {
    FILLED.close();
  }

  private static final Map<String, String> GOOD =
      Map.of(
          "licenseId",
          "1",
          "chainId",
          World.BASE.toString(),
          "paymentId",
          "0x" + "1".repeat(64),
          "logIndex",
          "3",
          "epoch",
          "1",
          "crawler",
          Filled.CRAWLER.toString());

  @Test
  void anyParameter_shouldNeverFailUs() {
    int asked = 0;
    for (Routes.Route route : Routes.ALL) {
      if (!route.method().equals(Method.GET)) {
        continue;
      }
      for (String parameter : parameters(route)) {
        for (String value : NASTY) {
          String url = url(route, parameter, value);
          HttpResponse<String> response = FILLED.world.get(url);
          assertThat(response.statusCode()).as(url + ": " + response.body()).isLessThan(500);
          if (response.statusCode() != 200) {
            assertThat(World.json(response).path("code").asString()).as(url).isNotEmpty();
          }
          asked++;
        }
      }
    }
    assertThat(asked).isGreaterThan(1000);
  }

  private static List<String> parameters(Routes.Route route) {
    List<String> names = new ArrayList<>();
    for (FieldDescriptor field : request(route.rpc()).getFields()) {
      if (field.getJavaType() == JavaType.MESSAGE) {
        field
            .getMessageType()
            .getFields()
            .forEach(inner -> names.add(field.getJsonName() + "." + inner.getJsonName()));
      } else {
        names.add(field.getJsonName());
      }
    }
    return names;
  }

  private static String url(Routes.Route route, String parameter, String value) {
    Map<String, String> good = new TreeMap<>(GOOD);
    good.put(parameter, value);
    String path = route.path();
    for (Map.Entry<String, String> each : good.entrySet()) {
      path = path.replace("{" + each.getKey() + "}", encoded(each.getValue()));
    }
    return route.path().contains("{" + parameter + "}")
        ? path
        : path + "?" + parameter + "=" + encoded(value);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Descriptor request(MethodDescriptor<? extends Message, ? extends Message> rpc) {
    if (rpc.getRequestMarshaller()
            instanceof MethodDescriptor.PrototypeMarshaller<? extends Message> typed
        && typed.getMessagePrototype() != null) {
      return typed.getMessagePrototype().getDescriptorForType();
    }
    throw new AssertionError("not a protocol buffer: " + rpc);
  }

  @Test
  void policyPath_thatCannotBeStored_shouldBeRefused() {
    for (String path : List.of("/a\u0000b", "/a\u0001", "/a b", "/a\u007f", "/\u00e9")) {
      Policy policy =
          new Policy(
              LicenseId.of(1),
              2,
              List.of(new PolicyRule(path, Purpose.ANY, Category.PREMIUM, UsdcAmount.of(1))));
      HttpResponse<String> response =
          FILLED.world.post(
              "/v1/licenses/1/policy", ProtoJson.print(FILLED.world.publication(policy, ALICE)));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
      assertThat(World.json(response).path("code").asString()).isEqualTo("invalid_policy");
      assertThat(World.json(response).path("field").asString()).isEqualTo("document.rules");
    }
  }
}
