package network.tachi.testkit.chain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.testkit.chain.ReplayNode.View;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers JSON-RPC requests, with the faults that the node is to have. */
final class RpcMethods {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PARSE_ERROR = -32_700;
  private static final int NO_METHOD = -32_601;
  private static final int INVALID_PARAMS = -32_602;
  private static final int SERVER_ERROR = -32_000;
  private static final String CODE = "0x6080604052";

  private final ReplayNode node;
  private final ChainQueries queries;
  private final Controls controls;

  RpcMethods(ReplayNode node) {
    this.node = node;
    this.queries = new ChainQueries(node);
    this.controls = new Controls(node);
  }

  /** One call's answer: its id, and the rest of its object. */
  private record Reply(String id, JsonBytes rest) {}

  ReplayNode.Answer answer(byte[] request) {
    JsonNode root;
    try {
      root = JSON.readTree(request);
    } catch (JacksonException _) {
      return plain(object(new Reply("null", error(PARSE_ERROR, "parse error"))));
    }
    List<JsonNode> items = root.isArray() ? List.copyOf(root.values()) : List.of(root);
    List<Faults.Call> calls = calls(items);
    node.countRequest(calls.stream().map(Faults.Call::method));
    AnswerFault fault = node.faults().answer(calls);
    List<Reply> replies = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      String id = items.get(i).path("id").toString();
      reply(calls.get(i))
          .ifPresent(rest -> replies.add(new Reply(id.isEmpty() ? "null" : id, rest)));
    }
    if (!root.isArray()) {
      return replies.isEmpty()
          ? new ReplayNode.Answer(Optional.empty(), fault)
          : new ReplayNode.Answer(Optional.of(object(replies.getFirst())), fault);
    }
    return new ReplayNode.Answer(Optional.of(batch(arranged(replies, fault))), fault);
  }

  private static ReplayNode.Answer plain(byte[] body) {
    return new ReplayNode.Answer(Optional.of(body), AnswerFault.NONE);
  }

  private static List<Faults.Call> calls(List<JsonNode> items) {
    List<Faults.Call> calls = new ArrayList<>(items.size());
    for (JsonNode item : items) {
      calls.add(
          new Faults.Call(
              item.path("method").asString(""), item.path("params"), calls.size(), items.size()));
    }
    return calls;
  }

  private static List<Reply> arranged(List<Reply> replies, AnswerFault fault) {
    return switch (fault) {
      case AnswerFault.Reversed _ -> replies.reversed();
      case AnswerFault.WrongIds _ -> {
        List<Reply> wrong = new ArrayList<>(replies);
        List<String> ids = new ArrayList<>(replies.stream().map(Reply::id).toList());
        Collections.rotate(ids, 1);
        wrong.replaceAll(reply -> new Reply(ids.removeFirst(), reply.rest()));
        yield wrong;
      }
      default -> replies;
    };
  }

  private static byte[] object(Reply reply) {
    JsonBytes out = new JsonBytes(reply.rest().size() + 64);
    write(out, reply);
    return out.toBytes();
  }

  private static byte[] batch(List<Reply> replies) {
    JsonBytes out =
        new JsonBytes(replies.stream().mapToInt(reply -> reply.rest().size() + 64).sum() + 2);
    out.beginArray();
    replies.forEach(reply -> write(out, reply));
    return out.endArray().toBytes();
  }

  private static void write(JsonBytes out, Reply reply) {
    out.beginObject().name("jsonrpc").text("2.0").name("id").raw(reply.id());
    out.value(reply.rest()).endObject();
  }

  /** The member {@code result} or {@code error} of an answer; empty if there is to be none. */
  private Optional<JsonBytes> reply(Faults.Call call) {
    return switch (node.faults().call(call)) {
      case CallFault.None _ -> Optional.of(result(call, node.view()));
      case CallFault.SeenFrom(Tip head) ->
          Optional.of(
              result(
                  call,
                  new View(
                      head,
                      Math.min(node.view().safe(), head.number()),
                      Math.min(node.view().finalized(), head.number()))));
      case CallFault.Changed(var change) -> Optional.of(changed(result(call, node.view()), change));
      case CallFault.Instead(String json) -> Optional.of(member(json));
      case CallFault.Failure(int code, String message) -> Optional.of(error(code, message));
      case CallFault.Missing _ -> Optional.empty();
    };
  }

  private static JsonBytes changed(JsonBytes right, UnaryOperator<JsonNode> change) {
    JsonNode object = JSON.readTree("{" + right + "}");
    return object.has("result") ? member(change.apply(object.path("result")).toString()) : right;
  }

  private static JsonBytes member(String json) {
    return new JsonBytes(json.length() + 16).name("result").raw(json);
  }

  private static JsonBytes error(int code, String message) {
    return new JsonBytes(128)
        .name("error")
        .beginObject()
        .name("code")
        .raw(Integer.toString(code))
        .name("message")
        .raw(JSON.writeValueAsString(message))
        .endObject();
  }

  private JsonBytes result(Faults.Call call, View view) {
    JsonBytes out = new JsonBytes(4_096);
    out.name("result");
    try {
      write(out, call.method(), call.params(), view);
      return out;
    } catch (NoSuchMethod e) {
      return error(NO_METHOD, "the method " + e.getMessage() + " does not exist/is not available");
    } catch (ChainQueries.Refused e) {
      return error(SERVER_ERROR, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return error(INVALID_PARAMS, String.valueOf(e.getMessage()));
    }
  }

  /** There is no such method. */
  private static final class NoSuchMethod extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoSuchMethod(String name) {
      super(name);
    }
  }

  private void write(JsonBytes out, String method, JsonNode params, View view) {
    JsonNode first = params.path(0);
    switch (method) {
      case "eth_chainId" -> out.quantity(node.chain().spec().chain().value());
      case "net_version" -> out.text(node.chain().spec().chain().toString());
      case "web3_clientVersion" -> out.text("tachi-replay/1");
      case "eth_syncing" -> out.raw("false");
      case "eth_blockNumber" -> out.quantity(view.head().number());
      case "eth_gasPrice" -> out.quantity(HeaderForm.BASE_FEE);
      case "eth_getBlockByNumber" ->
          queries.block(
              out, queries.byNumber(view, first.asString()), params.path(1).asBoolean(false));
      case "eth_getBlockByHash" ->
          queries.block(
              out, queries.byHash(Hash.parse(first.asString())), params.path(1).asBoolean(false));
      case "eth_getBlockReceipts" -> queries.receipts(out, queries.byReference(view, first));
      case "eth_getTransactionReceipt" -> queries.receipt(out, view, Hash.parse(first.asString()));
      case "eth_getTransactionByHash" ->
          queries.transaction(out, view, Hash.parse(first.asString()));
      case "eth_getLogs" -> queries.logs(out, view, first);
      case "eth_getCode" -> out.text(CODE);
      case "eth_call" -> {
        Bytes result = node.callResult(Address.parse(first.path("to").asString()));
        out.bytes(result == null ? Bytes.EMPTY : result);
      }
      default -> {
        if (!controls.run(out, method, params)) {
          throw new NoSuchMethod(method);
        }
      }
    }
  }
}
