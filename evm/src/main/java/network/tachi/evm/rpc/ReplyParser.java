package network.tachi.evm.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import network.tachi.evm.Bytes;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.rpc.RpcException.IdMismatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Matches the answer's objects to the calls by id; their members may come in any order. The result
 * of a single call is read while the answer is scanned. In a batch each result is first skipped and
 * then read from its place in the bytes, so that one broken result does not spoil the others.
 */
final class ReplyParser {
  private static final int MAX_MESSAGE = 500;

  private final String endpoint;
  private final String method;
  private final int status;

  /** A parser of an answer that came with an HTTP status. */
  ReplyParser(String endpoint, String method, int status) {
    this.endpoint = endpoint;
    this.method = method;
    this.status = status;
  }

  /** One object of an answer, its result still unread. */
  private static final class Envelope {
    @Nullable Long id;
    String idText = "none";
    boolean hasError;
    int code;
    String message = "";
    String detail = "";
    @Nullable Bytes data;
    int resultStart = -1;
    int resultEnd = -1;
    boolean resultNull;
  }

  /** Whether a body, sent with an HTTP status other than 200, is a JSON-RPC error all the same. */
  static boolean looksLikeError(byte[] body) {
    try (JsonInput in = new JsonInput(body, 0, body.length)) {
      return in.isObject() && skimmed(in).hasError;
    } catch (InvalidValueException | JacksonException _) {
      return false;
    }
  }

  <T> RpcReply<T> single(byte[] body, long id, RpcCall<T> call) {
    try (JsonInput in = new JsonInput(body, 0, body.length)) {
      AtomicReference<@Nullable RpcReply<T>> read = new AtomicReference<>();
      Envelope envelope =
          envelope(
              in, value -> read.set(new RpcReply.Ok<>(call.reader().read(value))), call.nullable());
      in.requireEnd();
      boolean matches = envelope.id != null && envelope.id == id;
      if (!matches && !(envelope.hasError && envelope.id == null)) {
        throw new IdMismatch(endpoint, method, IdMismatch.Kind.FOREIGN, envelope.idText);
      }
      RpcReply<T> result = read.get();
      return result == null || envelope.hasError ? reply(body, envelope, call) : result;
    } catch (InvalidValueException | JacksonException e) {
      throw malformed(method, e);
    }
  }

  <T> List<RpcReply<T>> batch(byte[] body, long firstId, List<RpcCall<T>> calls) {
    Envelope[] byCall = new Envelope[calls.size()];
    for (Envelope envelope : envelopes(body)) {
      int index = envelope.id == null ? -1 : index(envelope.id - firstId, calls.size());
      if (index < 0) {
        throw new IdMismatch(endpoint, method, IdMismatch.Kind.FOREIGN, envelope.idText);
      }
      if (byCall[index] != null) {
        throw new IdMismatch(endpoint, method, IdMismatch.Kind.DUPLICATE, envelope.idText);
      }
      byCall[index] = envelope;
    }
    List<RpcReply<T>> replies = new ArrayList<>(calls.size());
    for (int i = 0; i < byCall.length; i++) {
      if (byCall[i] == null) {
        throw new IdMismatch(endpoint, method, IdMismatch.Kind.MISSING, Long.toString(firstId + i));
      }
      replies.add(reply(body, byCall[i], calls.get(i)));
    }
    return replies;
  }

  private List<Envelope> envelopes(byte[] body) {
    try (JsonInput in = new JsonInput(body, 0, body.length)) {
      if (in.isObject()) {
        Envelope whole = skimmed(in);
        if (whole.hasError) {
          throw error(method, whole);
        }
        throw new RpcException.Malformed(endpoint, method, "one object for a batch", null);
      }
      List<Envelope> envelopes = in.array("batch", ReplyParser::skimmed);
      in.requireEnd();
      return envelopes;
    } catch (InvalidValueException | JacksonException e) {
      throw malformed(method, e);
    }
  }

  private static int index(long difference, int size) {
    return difference >= 0 && difference < size ? (int) difference : -1;
  }

  /** Reads an object, and of its result only the place. */
  private static Envelope skimmed(JsonInput in) {
    Envelope envelope = new Envelope();
    in.object("answer", (name, value) -> member(envelope, name, value));
    return envelope;
  }

  /** Reads an object, and hands its result, unless it is null and may not be, to a reader. */
  private static Envelope envelope(JsonInput in, Consumer<JsonInput> reader, boolean nullable) {
    Envelope envelope = new Envelope();
    in.object(
        "answer",
        (name, value) -> {
          if (name.equals("result") && (nullable || !value.isNull())) {
            reader.accept(value);
          } else {
            member(envelope, name, value);
          }
        });
    return envelope;
  }

  private static void member(Envelope envelope, String name, JsonInput value) {
    switch (name) {
      case "id" -> readId(value, envelope);
      case "result" -> {
        envelope.resultNull = value.isNull();
        envelope.resultStart = value.skipFrom();
        envelope.resultEnd = value.end();
      }
      case "error" -> readError(value, envelope);
      default -> {}
    }
  }

  private static void readId(JsonInput value, Envelope envelope) {
    envelope.idText = value.json();
    if (envelope.idText.matches("[0-9]{1,18}")) {
      envelope.id = Long.valueOf(envelope.idText);
    }
  }

  private static void readError(JsonInput value, Envelope envelope) {
    if (value.isNull()) {
      return;
    }
    envelope.hasError = true;
    if (!value.isObject()) {
      envelope.message = cut(value.json());
      return;
    }
    value.object(
        "error",
        (name, member) -> {
          switch (name) {
            case "code" ->
                envelope.code =
                    Math.clamp((long) member.decimal("code"), Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "message" ->
                envelope.message = cut(member.isText() ? member.text("message") : member.json());
            case "data" -> readData(envelope, member);
            default -> {}
          }
        });
  }

  /** Keeps return data, or else the words: some providers say there what is wrong. */
  private static void readData(Envelope envelope, JsonInput value) {
    String json = value.json();
    try (JsonInput copy = JsonInput.of(json)) {
      envelope.data = hexData(copy);
    }
    if (envelope.data == null && json.length() > 2 && !json.equals("null")) {
      envelope.detail = " " + cut(json);
    }
  }

  /** Return data as hex, or inside an object as some nodes send it; null if there is none. */
  private static @Nullable Bytes hexData(JsonInput value) {
    if (value.isText()) {
      String text = value.text("data");
      return text.length() % 2 == 0 && text.matches("0x[0-9a-fA-F]*") ? Bytes.parse(text) : null;
    }
    if (!value.isObject()) {
      return null;
    }
    AtomicReference<@Nullable Bytes> found = new AtomicReference<>();
    value.object(
        "data",
        (name, member) -> {
          if (name.equals("data")) {
            found.set(hexData(member));
          }
        });
    return found.get();
  }

  private <T> RpcReply<T> reply(byte[] body, Envelope envelope, RpcCall<T> call) {
    if (envelope.hasError) {
      return new RpcReply.Failed<>(error(call.method(), envelope));
    }
    if (envelope.resultStart < 0) {
      return new RpcReply.Failed<>(
          new RpcException.Malformed(endpoint, call.method(), "neither result nor error", null));
    }
    if (envelope.resultNull && !call.nullable()) {
      return new RpcReply.Failed<>(new RpcException.NullResult(endpoint, call.method()));
    }
    try (JsonInput in = new JsonInput(body, envelope.resultStart, envelope.resultEnd)) {
      return new RpcReply.Ok<>(call.reader().read(in));
    } catch (InvalidValueException | JacksonException e) {
      return new RpcReply.Failed<>(malformed(call.method(), e));
    }
  }

  private RpcException.ErrorReply error(String of, Envelope envelope) {
    return new RpcException.ErrorReply(
        endpoint, of, status, envelope.code, envelope.message, envelope.detail, envelope.data);
  }

  private RpcException.Malformed malformed(String of, RuntimeException cause) {
    return new RpcException.Malformed(endpoint, of, cut(String.valueOf(cause.getMessage())), cause);
  }

  private static String cut(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
  }
}
