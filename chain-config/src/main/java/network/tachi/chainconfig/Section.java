package network.tachi.chainconfig;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A mapping of a configuration file, read key by key, so that every error names its key and what
 * nobody read is known. An environment variable beats the file.
 */
final class Section {
  private final String source;
  private final String path;
  private final @Nullable JsonNode node;
  private final Map<String, String> environment;
  private final String variable;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> variables;

  /**
   * A section.
   *
   * @param source the file, for errors
   * @param path where the section stands, empty for the file itself
   * @param variable prefix of the variables that override its keys; empty if none does
   */
  Section(
      String source,
      String path,
      @Nullable JsonNode node,
      Map<String, String> environment,
      String variable) {
    this(source, path, node, environment, variable, new LinkedHashSet<>());
  }

  private Section(
      String source,
      String path,
      @Nullable JsonNode node,
      Map<String, String> environment,
      String variable,
      Set<String> variables) {
    this.source = source;
    this.path = path;
    this.node = node;
    this.environment = environment;
    this.variable = variable;
    this.variables = variables;
    if (node != null && !node.isObject()) {
      throw new ConfigException(
          source, path.isEmpty() ? "file" : path, "a mapping", node.toString());
    }
  }

  /** The keys that the file has here. */
  Set<String> keys() {
    return node == null ? Set.of() : new LinkedHashSet<>(node.propertyNames());
  }

  Section section(String key) {
    return section(key, variable.isEmpty() ? "" : variable + "_" + upper(key));
  }

  Section section(String key, String variablePrefix) {
    known.add(key);
    return new Section(source, name(key), child(key), environment, variablePrefix, variables);
  }

  boolean has(String key) {
    known.add(key);
    return override(key) != null || child(key) != null;
  }

  String text(String key) {
    known.add(key);
    String override = override(key);
    if (override != null) {
      return override;
    }
    JsonNode value = child(key);
    if (value == null) {
      throw new ConfigException(source, name(key), "is missing");
    }
    if (!value.isValueNode()) {
      throw new ConfigException(source, name(key), "one value", value.toString());
    }
    return value.asString();
  }

  /** A list in the file, or one variable with commas. */
  List<String> texts(String key) {
    known.add(key);
    String override = override(key);
    if (override != null) {
      return List.of(override.split(",", -1));
    }
    JsonNode value = child(key);
    if (value == null) {
      throw new ConfigException(source, name(key), "is missing");
    }
    if (!value.isArray() || value.isEmpty()) {
      throw new ConfigException(
          source, name(key), "a list with at least one value", value.toString());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value.values()) {
      texts.add(item.asString());
    }
    return texts;
  }

  long number(String key, long min, long max) {
    String text = text(key);
    try {
      BigInteger value = new BigInteger(text);
      if (value.compareTo(BigInteger.valueOf(min)) >= 0
          && value.compareTo(BigInteger.valueOf(max)) <= 0) {
        return value.longValueExact();
      }
    } catch (NumberFormatException e) {
      throw new ConfigException(
          source, name(key), "a whole number from " + min + " to " + max, text);
    }
    throw new ConfigException(source, name(key), "a whole number from " + min + " to " + max, text);
  }

  Address address(String key) {
    String text = text(key);
    try {
      return Address.parse(text);
    } catch (InvalidValueException e) {
      throw new ConfigException(source, name(key), e.expected(), text);
    }
  }

  Hash hash(String key) {
    String text = text(key);
    try {
      return Hash.parse(text);
    } catch (InvalidValueException e) {
      throw new ConfigException(source, name(key), e.expected(), text);
    }
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    String text = text(key);
    List<String> known = new ArrayList<>();
    for (E each : type.getEnumConstants()) {
      String name = each.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(text)) {
        return each;
      }
      known.add(name);
    }
    throw new ConfigException(source, name(key), "one of " + String.join(", ", known), text);
  }

  /** Refuses every key that nobody read. */
  void nothingElse() {
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw new ConfigException(source, name(key), "is no such key" + Suggestion.of(key, known));
      }
    }
  }

  /**
   * Refuses variables that begin as this section's do and that nobody read.
   *
   * @param others beginnings of other chains' variables, which may be longer than this one
   */
  void noOtherVariable(Collection<String> others) {
    for (String name : environment.keySet()) {
      boolean ours = name.startsWith(variable + "_") && !variables.contains(name);
      boolean theirs =
          others.stream()
              .filter(other -> other.length() > variable.length())
              .anyMatch(other -> name.startsWith(other + "_"));
      if (ours && !theirs) {
        throw new ConfigException(
            "environment", name, "is no such variable" + Suggestion.of(name, variables));
      }
    }
  }

  ConfigException wrong(String key, String expected, String found) {
    return new ConfigException(source, name(key), expected, found);
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private @Nullable JsonNode child(String key) {
    JsonNode child = node == null ? null : node.get(key);
    return child == null || child.isNull() ? null : child;
  }

  private @Nullable String override(String key) {
    if (variable.isEmpty()) {
      return null;
    }
    String name = variable + "_" + upper(key);
    variables.add(name);
    return environment.get(name);
  }

  static String upper(String key) {
    return key.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
