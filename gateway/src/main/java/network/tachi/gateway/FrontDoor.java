package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Bytes;
import network.tachi.gateway.HttpFields.Field;
import network.tachi.server.CallInfo;

/** Brings HTTP requests of any path and method to the gatekeeper. */
final class FrontDoor implements Handler {
  private final Gatekeeper gatekeeper;

  FrontDoor(Gatekeeper gatekeeper) {
    this.gatekeeper = requireNonNull(gatekeeper, "gatekeeper is null");
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    ClientRequest read = read(request);
    send(response, gatekeeper.answer(read), read.isHead());
  }

  private static ClientRequest read(ServerRequest request) {
    String query = request.prologue().query().rawValue();
    Target target = Target.of(request.authority(), request.prologue().uriPath().rawPath(), query);
    String client = request.context().get(CallInfo.class).map(CallInfo::client).orElse("unknown");
    Bytes body =
        request.content().hasEntity()
            ? Bytes.wrap(request.content().as(byte[].class))
            : Bytes.EMPTY;
    return new ClientRequest(
        request.prologue().method().text(), target, fields(request), body, client);
  }

  private static HttpFields fields(ServerRequest request) {
    List<Field> fields = new ArrayList<>();
    for (Header header : request.headers()) {
      for (String value : header.allValues()) {
        fields.add(new Field(header.headerName().lowerCase(), value));
      }
    }
    return new HttpFields(fields);
  }

  private static void send(ServerResponse response, Reply reply, boolean head) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (Field field : reply.fields().list()) {
      fields.computeIfAbsent(field.name(), _ -> new ArrayList<>()).add(field.value());
    }
    fields.forEach(
        (name, values) -> response.header(HeaderValues.create(HeaderNames.create(name), values)));
    response.status(Status.create(reply.status()));
    boolean empty =
        head || reply.status() == 204 || reply.status() == 304 || reply.body().isEmpty();
    if (empty) {
      response.send();
    } else {
      response.send(reply.body().toArray());
    }
  }
}
