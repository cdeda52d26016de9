package network.tachi.server;

import io.grpc.Metadata;
import io.grpc.Status;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import io.helidon.http.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Between HTTP/2 header lists and gRPC {@link Metadata} (gRPC over HTTP/2, "Custom-Metadata"). */
final class GrpcHeaders {
  private static final HeaderName GRPC_STATUS = HeaderNames.create("grpc-status");
  private static final HeaderName GRPC_MESSAGE = HeaderNames.create("grpc-message");
  private static final Header CONTENT_TYPE =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/grpc");
  private static final Header ACCEPT_ENCODING =
      HeaderValues.createCached(HeaderNames.create("grpc-accept-encoding"), "gzip");

  /** Above this, Helidon would split the section, which it does wrongly. */
  private static final int MAX_SECTION_BYTES = 8 << 10;

  private GrpcHeaders() {}

  static Metadata toMetadata(Headers headers) {
    Metadata metadata = new Metadata();
    for (Header header : headers) {
      String name = header.headerName().lowerCase();
      if (name.startsWith(":")) {
        continue;
      }
      for (String value : header.allValues()) {
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
          for (String part : value.split(",", -1)) {
            metadata.put(
                Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), decodeBase64(name, part));
          }
        } else {
          metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        }
      }
    }
    return metadata;
  }

  static Http2Headers response(Metadata metadata) {
    WritableHeaders<?> headers = WritableHeaders.create();
    headers.set(CONTENT_TYPE);
    headers.set(ACCEPT_ENCODING);
    addAll(headers, metadata);
    Http2Headers result = Http2Headers.create(headers);
    result.status(io.helidon.http.Status.OK_200);
    return result;
  }

  /** The last section of an answer; if it is also the first, it carries the HTTP status too. */
  static Http2Headers trailers(Status status, Metadata metadata, boolean trailersOnly) {
    WritableHeaders<?> headers = WritableHeaders.create();
    if (trailersOnly) {
      headers.set(CONTENT_TYPE);
      headers.set(ACCEPT_ENCODING);
    }
    headers.set(HeaderValues.createCached(GRPC_STATUS, Integer.toString(status.getCode().value())));
    @Nullable String description = status.getDescription();
    if (description != null) {
      set(headers, GRPC_MESSAGE, percentEncode(description));
    }
    addAll(headers, metadata);
    Http2Headers result = Http2Headers.create(headers);
    if (trailersOnly) {
      result.status(io.helidon.http.Status.OK_200);
    }
    return result;
  }

  private static void addAll(WritableHeaders<?> headers, Metadata metadata) {
    int bytes = 0;
    for (String name : metadata.keys()) {
      HeaderName headerName = HeaderNames.create(name.toLowerCase(Locale.ROOT));
      if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        Iterable<byte[]> values =
            metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
        for (byte[] value : nonNull(values)) {
          String text = Base64.getEncoder().withoutPadding().encodeToString(value);
          bytes += text.length() + name.length();
          if (bytes <= MAX_SECTION_BYTES) {
            set(headers, headerName, text);
          }
        }
      } else {
        Iterable<String> values =
            metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        for (String value : nonNull(values)) {
          bytes += value.length() + name.length();
          if (bytes <= MAX_SECTION_BYTES) {
            set(headers, headerName, value);
          }
        }
      }
    }
  }

  private static <T> Iterable<T> nonNull(@Nullable Iterable<T> values) {
    return values == null ? java.util.List.of() : values;
  }

  /** Marked as changing, so that one-off values don't fill the compression table. */
  private static void set(WritableHeaders<?> headers, HeaderName name, String value) {
    headers.add(HeaderValues.create(name, true, false, value));
  }

  /** Printable ASCII but '%' as it is, the rest as %XX of UTF-8 ("Status-Message"). */
  static String percentEncode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b >= ' ' && b <= '~' && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  private static byte[] decodeBase64(String name, String value) {
    try {
      return Base64.getDecoder().decode(value.strip());
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(name, "base64", value);
    }
  }
}
