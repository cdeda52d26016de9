package network.tachi.server;

import com.google.protobuf.Descriptors;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Proto3 JSON on REST, so that a document has the same names as the message. Fields without
 * presence are always written, 64-bit integers are strings; unknown fields are refused when
 * reading.
 */
public final class ProtoJson {
  private static final io.helidon.http.Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser();

  private static final Pattern EXCEPTION_NAME = Pattern.compile("^([\\w.$]*Exception: )+");
  private static final int MAX_REASON = 200;

  private ProtoJson() {}

  /**
   * Reads the body into {@code builder}.
   *
   * @throws ApiException with {@code malformed_body} or {@code unsupported_media_type}
   */
  public static <B extends Message.Builder> B read(ServerRequest request, B builder) {
    String type =
        request
            .headers()
            .first(HeaderNames.CONTENT_TYPE)
            .orElse("application/json")
            .toLowerCase(Locale.ROOT);
    if (!type.startsWith("application/json")) {
      throw ApiException.of(
          ApiError.ofField(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE, "content-type", "application/json", type));
    }
    byte[] body;
    try (InputStream in = request.content().inputStream()) {
      body = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("can't read the request body", e);
    }
    return merge(utf8(body), builder);
  }

  /**
   * Reads JSON text into {@code builder}.
   *
   * @throws ApiException with {@code malformed_body}
   */
  public static <B extends Message.Builder> B merge(String json, B builder) {
    try {
      PARSER.merge(json, builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw ApiException.of(
          ErrorCode.MALFORMED_BODY,
          "expected the JSON form of "
              + builder.getDescriptorForType().getFullName()
              + reason(e.getMessage()),
          e);
    }
  }

  /** What the parser says, without the name of its exception, and not at length. */
  private static String reason(@Nullable String message) {
    if (message == null) {
      return "";
    }
    String line = EXCEPTION_NAME.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
    return ": " + (line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "...");
  }

  /**
   * Sets fields from path and query parameters: {@code ?pageSize=10&filter.domain=example.org}; a
   * repeated field takes each value of a repeated parameter. A parameter replaces what the field
   * held.
   *
   * @throws ApiException naming the parameter that is unknown or has a wrong value
   */
  public static <B extends Message.Builder> B mergeParameters(
      Map<String, List<String>> parameters, B builder) {
    parameters.forEach((name, values) -> mergeParameter(name, values, builder));
    return builder;
  }

  private static void mergeParameter(String name, List<String> values, Message.Builder builder) {
    StringBuilder json = new StringBuilder();
    StringBuilder closing = new StringBuilder();
    List<Descriptors.FieldDescriptor> fields = new ArrayList<>();
    Descriptors.Descriptor type = builder.getDescriptorForType();
    String[] path = name.split("\\.", -1);
    for (int i = 0; i < path.length; i++) {
      Descriptors.FieldDescriptor field = field(type, path[i], name);
      fields.add(field);
      Json.quote(json.append('{'), field.getJsonName()).append(':');
      closing.append('}');
      if (i < path.length - 1) {
        if (field.getJavaType() != Descriptors.FieldDescriptor.JavaType.MESSAGE
            || field.isRepeated()) {
          throw ApiException.invalid(name, "a known parameter", "unknown parameter");
        }
        type = field.getMessageType();
      } else {
        appendValues(json, field, values, name);
      }
    }
    // Read on its own: the parser refuses a field, or a message around it, that is set already.
    Message.Builder alone = builder.getDefaultInstanceForType().newBuilderForType();
    try {
      PARSER.merge(json.append(closing).toString(), alone);
    } catch (InvalidProtocolBufferException e) {
      throw ApiException.invalid(name, "a valid value", String.join(",", values));
    }
    clear(builder, fields);
    builder.mergeFrom(alone.build());
  }

  /** Forgets what a nested field held, so that a value of zero replaces it as well. */
  private static void clear(Message.Builder builder, List<Descriptors.FieldDescriptor> path) {
    Message.Builder holder = builder;
    for (Descriptors.FieldDescriptor field : path.subList(0, path.size() - 1)) {
      if (!holder.hasField(field)) {
        return;
      }
      holder = holder.getFieldBuilder(field);
    }
    holder.clearField(path.getLast());
  }

  private static void appendValues(
      StringBuilder json, Descriptors.FieldDescriptor field, List<String> values, String name) {
    if (field.isRepeated()) {
      json.append('[');
      for (int i = 0; i < values.size(); i++) {
        Json.quote(json.append(i == 0 ? "" : ","), values.get(i));
      }
      json.append(']');
    } else if (values.size() == 1) {
      Json.quote(json, values.getFirst());
    } else {
      throw ApiException.invalid(name, "one value", values.size() + " values");
    }
  }

  private static Descriptors.FieldDescriptor field(
      Descriptors.Descriptor type, String part, String parameter) {
    for (Descriptors.FieldDescriptor field : type.getFields()) {
      if (field.getJsonName().equals(part) || field.getName().equals(part)) {
        return field;
      }
    }
    Collection<String> known =
        type.getFields().stream().map(Descriptors.FieldDescriptor::getJsonName).toList();
    throw ApiException.invalid(
        parameter, "one of " + String.join(", ", known), "unknown parameter");
  }

  /** Path parameters and query parameters of a request; a path parameter wins. */
  static Map<String, List<String>> parameters(ServerRequest request) {
    Map<String, List<String>> all = new LinkedHashMap<>(request.query().toMap());
    request.path().pathParameters().toMap().forEach(all::put);
    return all;
  }

  /** Sends {@code message} with status 200 or the one already set. */
  public static void write(ServerResponse response, Message message) {
    response.header(JSON);
    response.send(print(message).getBytes(StandardCharsets.UTF_8));
  }

  /** The message as JSON text. */
  public static String print(Message message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "can't print " + message.getDescriptorForType().getFullName() + " as JSON", e);
    }
  }

  private static String utf8(byte[] body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(body))
          .toString();
    } catch (CharacterCodingException e) {
      throw ApiException.of(ErrorCode.MALFORMED_BODY, "the body is not UTF-8", e);
    }
  }
}
