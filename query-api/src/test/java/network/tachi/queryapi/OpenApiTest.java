package network.tachi.queryapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The OpenAPI document describes the routes and messages as they are, all of them and no others.
 */
class OpenApiTest {
  private static final JsonNode DOCUMENT = new YAMLMapper().readTree(Routes.openApiDocument());
  private static final String SCHEMAS = "#/components/schemas/";

  /** Fields that a route sets by being taken. */
  private static final Set<String> LEFT_OUT =
      Set.of("/v1/epochs/latest epoch", "/v1/licenses/{licenseId} domain");

  @Test
  void paths_shouldBeTheRoutes() {
    Set<String> documented = new TreeSet<>();
    DOCUMENT
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .propertyNames()
                .forEach(method -> documented.add(method + " " + path.getKey())));
    Set<String> served = new TreeSet<>();
    Routes.ALL.forEach(route -> served.add(method(route) + " " + route.path()));
    assertThat(documented).isEqualTo(served);
  }

  @Test
  void operations_shouldHaveIdsOfTheirOwn() {
    List<String> ids = new ArrayList<>();
    Routes.ALL.forEach(route -> ids.add(operation(route).path("operationId").asString()));
    assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  void parameters_shouldBeTheFieldsOfTheRequest() {
    for (Routes.Route route : Routes.ALL) {
      Set<String> documented = new TreeSet<>();
      for (JsonNode parameter : operation(route).path("parameters").values()) {
        JsonNode resolved = resolve(parameter);
        String name = resolved.path("name").asString();
        documented.add(name);
        assertThat(resolved.path("in").asString())
            .as(route + " " + name)
            .isEqualTo(route.path().contains("{" + name + "}") ? "path" : "query");
      }
      Set<String> fields = new TreeSet<>();
      boolean body = operation(route).has("requestBody");
      for (FieldDescriptor field : request(route.rpc()).getFields()) {
        String name = field.getJsonName();
        if (field.getJavaType() == JavaType.MESSAGE) {
          field
              .getMessageType()
              .getFields()
              .forEach(inner -> fields.add(name + "." + inner.getJsonName()));
        } else if (!LEFT_OUT.contains(route.path() + " " + name)
            && (!body || route.path().contains("{" + name + "}"))) {
          fields.add(name);
        }
      }
      assertThat(documented).as(route.toString()).isEqualTo(fields);
    }
  }

  @Test
  void bodies_shouldBeTheMessages() {
    for (Routes.Route route : Routes.ALL) {
      JsonNode operation = operation(route);
      assertThat(schemaName(operation.path("responses").path("200")))
          .as(route.toString())
          .isEqualTo(response(route.rpc()).getName());
      assertThat(operation.path("responses").path("default").path("$ref").asString())
          .isEqualTo("#/components/responses/Problem");
      if (operation.has("requestBody")) {
        assertThat(schemaName(operation.path("requestBody")))
            .isEqualTo(request(route.rpc()).getName());
      }
    }
  }

  @Test
  void schemas_shouldBeTheMessagesFieldByField() {
    Map<String, Descriptor> messages = new HashMap<>();
    Map<String, EnumDescriptor> enums = new HashMap<>();
    for (Routes.Route route : Routes.ALL) {
      collect(response(route.rpc()), messages, enums);
      if (operation(route).has("requestBody")) {
        collect(request(route.rpc()), messages, enums);
      }
    }
    Set<String> names = new TreeSet<>(messages.keySet());
    names.addAll(enums.keySet());
    names.add("Problem");
    JsonNode schemas = DOCUMENT.path("components").path("schemas");
    assertThat(new TreeSet<>(schemas.propertyNames())).isEqualTo(names);
    messages.forEach((name, message) -> checkMessage(schemas.path(name), message));
    enums.forEach((name, values) ->
        assertThat(schemas.path(name).path("enum").values())
            .extracting(JsonNode::asString)
            .isEqualTo(values.getValues().stream().map(value -> value.getName()).toList()));
  }

  private static void checkMessage(JsonNode schema, Descriptor message) {
    JsonNode properties = schema.path("properties");
    assertThat(properties.propertyNames())
        .as(message.getName())
        .containsExactlyInAnyOrderElementsOf(
            message.getFields().stream().map(FieldDescriptor::getJsonName).toList());
    for (FieldDescriptor field : message.getFields()) {
      JsonNode property = properties.path(field.getJsonName());
      if (field.isRepeated()) {
        assertThat(property.path("type").asString()).as(field.getFullName()).isEqualTo("array");
        property = property.path("items");
      }
      String expected =
          switch (field.getJavaType()) {
            case STRING, LONG -> "string";
            case BOOLEAN -> "boolean";
            case INT -> "integer";
            case MESSAGE -> SCHEMAS + field.getMessageType().getName();
            case ENUM -> SCHEMAS + field.getEnumType().getName();
            case BYTE_STRING, DOUBLE, FLOAT -> "unused";
          };
      String found =
          property.has("$ref")
              ? property.path("$ref").asString()
              : property.path("type").asString();
      assertThat(found).as(field.getFullName()).isEqualTo(expected);
    }
  }

  private static void collect(
      Descriptor message, Map<String, Descriptor> messages, Map<String, EnumDescriptor> enums) {
    if (messages.put(message.getName(), message) != null) {
      return;
    }
    for (FieldDescriptor field : message.getFields()) {
      if (field.getJavaType() == JavaType.MESSAGE) {
        collect(field.getMessageType(), messages, enums);
      } else if (field.getJavaType() == JavaType.ENUM) {
        enums.put(field.getEnumType().getName(), field.getEnumType());
      }
    }
  }

  @Test
  void document_shouldBeServed() {
    try (World world = new World()) {
      HttpResponse<String> response = world.get("/openapi");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("content-type")).contains("application/yaml");
      assertThat(new YAMLMapper().readTree(response.body())).isEqualTo(DOCUMENT);
    }
  }

  private static String method(Routes.Route route) {
    return route.method().text().toLowerCase(Locale.ROOT);
  }

  private static JsonNode operation(Routes.Route route) {
    return DOCUMENT.path("paths").path(route.path()).path(method(route));
  }

  private static JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asString().substring(1)) : node;
  }

  private static String schemaName(JsonNode holder) {
    String reference =
        holder.path("content").path("application/json").path("schema").path("$ref").asString();
    assertThat(reference).startsWith(SCHEMAS);
    return reference.substring(SCHEMAS.length());
  }

  private static Descriptor request(MethodDescriptor<? extends Message, ? extends Message> rpc) {
    return descriptor(rpc.getRequestMarshaller());
  }

  private static Descriptor response(MethodDescriptor<? extends Message, ? extends Message> rpc) {
    return descriptor(rpc.getResponseMarshaller());
  }

  private static Descriptor descriptor(MethodDescriptor.Marshaller<? extends Message> marshaller) {
    if (marshaller instanceof MethodDescriptor.PrototypeMarshaller<? extends Message> typed
        && typed.getMessagePrototype() != null) {
      return typed.getMessagePrototype().getDescriptorForType();
    }
    throw new AssertionError("not a protocol buffer: " + marshaller);
  }
}
