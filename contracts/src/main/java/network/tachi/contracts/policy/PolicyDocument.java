package network.tachi.contracts.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes policy documents: objects, arrays and strings only, so that RFC 8785 has no
 * number to canonicalise.
 */
final class PolicyDocument {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private PolicyDocument() {}

  static String write(Policy policy) {
    StringBuilder out = new StringBuilder(64 + 96 * policy.rules().size());
    out.append("{\"licenseId\":");
    string(out, policy.licenseId().toString());
    out.append(",\"rules\":[");
    String comma = "";
    for (PolicyRule rule : policy.rules()) {
      out.append(comma).append("{\"category\":");
      string(out, rule.category().text());
      out.append(",\"path\":");
      string(out, rule.path());
      out.append(",\"price\":");
      string(out, rule.price().toString());
      out.append(",\"purpose\":");
      string(out, rule.purpose().text());
      out.append('}');
      comma = ",";
    }
    out.append("],\"version\":");
    string(out, Long.toString(policy.version()));
    return out.append('}').toString();
  }

  static Policy read(String document) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), document)) {
      parser.nextToken();
      Fields fields = object(parser, "document");
      if (parser.nextToken() != null) {
        throw new InvalidPolicyException("document", "one JSON object", "text after it");
      }
      Policy policy =
          new Policy(
              licenseId(fields.text("licenseId")), version(fields.text("version")), rules(fields));
      fields.nothingElse();
      return policy;
    } catch (JacksonException e) {
      throw new InvalidPolicyException("document", "JSON", e.getOriginalMessage());
    }
  }

  private static List<PolicyRule> rules(Fields fields) {
    List<PolicyRule> rules = new ArrayList<>();
    for (Fields rule : fields.objects("rules")) {
      String category = rule.text("category");
      String purpose = rule.text("purpose");
      rules.add(
          new PolicyRule(
              rule.text("path"),
              Purpose.of(purpose)
                  .filter(found -> !purpose.isEmpty())
                  .orElseThrow(() ->
                      new InvalidPolicyException(
                          rule.name("purpose"), "*, search, agent or training", purpose)),
              Category.of(category)
                  .orElseThrow(() ->
                      new InvalidPolicyException(
                          rule.name("category"), "public, premium or restricted", category)),
              price(rule)));
      rule.nothingElse();
    }
    return rules;
  }

  private static UsdcAmount price(Fields rule) {
    String price = rule.text("price");
    try {
      return UsdcAmount.parse(price);
    } catch (InvalidValueException e) {
      throw new InvalidPolicyException(rule.name("price"), "USDC atomic units, decimal", price);
    }
  }

  private static LicenseId licenseId(String text) {
    try {
      return LicenseId.parse(text);
    } catch (InvalidValueException e) {
      throw new InvalidPolicyException("licenseId", "a licence id", text);
    }
  }

  private static long version(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new InvalidPolicyException("version", "a whole number", text);
    }
  }

  private static Fields object(JsonParser parser, String name) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidPolicyException(name, "an object", String.valueOf(parser.currentToken()));
    }
    Fields fields = new Fields(name.equals("document") ? "" : name + ".");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING) {
        fields.texts.put(key, parser.getString());
      } else if (token == JsonToken.START_ARRAY) {
        fields.arrays.put(key, array(parser, fields.name(key)));
      } else {
        throw new InvalidPolicyException(
            fields.name(key), "a string or an array", String.valueOf(token));
      }
    }
    return fields;
  }

  private static List<Fields> array(JsonParser parser, String name) {
    List<Fields> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (items.size() > Policy.MAX_RULES) {
        throw new InvalidPolicyException(name, "at most " + Policy.MAX_RULES + " items", "more");
      }
      items.add(object(parser, name + "[" + items.size() + "]"));
    }
    return items;
  }

  /** RFC 8785 section 3.2.2.2: the shortest escapes, everything else as it is. */
  private static void string(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u00")
                .append(Character.forDigit(c >> 4, 16))
                .append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** The fields of one object, taken one by one so that what is left over is known. */
  private static final class Fields {
    private final String prefix;
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, List<Fields>> arrays = new TreeMap<>();

    Fields(String prefix) {
      this.prefix = prefix;
    }

    String name(String key) {
      return prefix + key;
    }

    String text(String key) {
      String value = texts.remove(key);
      if (value == null) {
        throw new InvalidPolicyException(name(key), "a string", "nothing");
      }
      return value;
    }

    List<Fields> objects(String key) {
      List<Fields> value = arrays.remove(key);
      if (value == null) {
        throw new InvalidPolicyException(name(key), "an array", "nothing");
      }
      return value;
    }

    void nothingElse() {
      for (Map<String, ?> left : List.of(texts, arrays)) {
        for (String key : left.keySet()) {
          throw new InvalidPolicyException(name(key), "no such field", "it");
        }
      }
    }
  }
}
