package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * HTTP header fields in their order; names are lower case and may repeat.
 *
 * @param list the fields
 */
record HttpFields(List<Field> list) {
  /** No fields. */
  static final HttpFields NONE = new HttpFields(List.of());

  /**
   * One field.
   *
   * @param name lower case
   */
  record Field(String name, String value) {
    Field {
      name = name.toLowerCase(Locale.ROOT);
      requireNonNull(value, "value is null");
    }
  }

  HttpFields {
    list = List.copyOf(list);
  }

  /** All values of a field, in order. */
  List<String> all(String name) {
    return list.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
  }

  /** The first value of a field. */
  Optional<String> first(String name) {
    return list.stream().filter(field -> field.name().equals(name)).map(Field::value).findFirst();
  }

  /** Whether there is such a field. */
  boolean has(String name) {
    return list.stream().anyMatch(field -> field.name().equals(name));
  }

  /** These fields, with all fields of that name replaced by one. */
  HttpFields with(String name, String value) {
    Field added = new Field(name, value);
    List<Field> fields = new ArrayList<>(list);
    fields.removeIf(field -> field.name().equals(added.name()));
    fields.add(added);
    return new HttpFields(fields);
  }
}
