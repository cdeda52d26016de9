package network.tachi.app.demo;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as x402 puts it into headers: base64 of UTF-8. */
final class Json {
  static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  static JsonNode fromHeader(String header) {
    return MAPPER.readTree(Base64.getDecoder().decode(header));
  }

  static String toHeader(JsonNode json) {
    return Base64.getEncoder()
        .encodeToString(MAPPER.writeValueAsString(json).getBytes(StandardCharsets.UTF_8));
  }
}
