package network.tachi.server;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.helidon.http.Header;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers a REST route by a unary gRPC method of the same process: one implementation, two faces.
 */
final class RestBridge {
  private static final Set<Method> WITH_BODY = Set.of(Method.POST, Method.PUT, Method.PATCH);

  private RestBridge() {}

  /**
   * A handler for {@code method}. The request message is read from the body (POST, PUT, PATCH),
   * then from query parameters, then from path parameters.
   *
   * @param services finds the service's method, with its interceptors
   */
  static Handler handler(
      MethodDescriptor<? extends Message, ? extends Message> method,
      Function<String, @Nullable ServerMethodDefinition<?, ?>> services) {
    if (method.getType() != MethodDescriptor.MethodType.UNARY) {
      throw new IllegalArgumentException(
          "expected a unary method, found " + method.getFullMethodName());
    }
    ServerMethodDefinition<?, ?> definition = services.apply(method.getFullMethodName());
    if (definition == null) {
      throw new IllegalArgumentException(
          "no registered service has the method " + method.getFullMethodName());
    }
    return handler(definition, prototype(method));
  }

  @SuppressWarnings("unchecked") // the definition was found by the method's name
  private static <Q> Handler handler(ServerMethodDefinition<?, ?> definition, Message prototype) {
    ServerMethodDefinition<Q, ?> typed = (ServerMethodDefinition<Q, ?>) definition;
    return (request, response) -> {
      Message.Builder builder = prototype.newBuilderForType();
      if (WITH_BODY.contains(request.prologue().method()) && request.content().hasEntity()) {
        ProtoJson.read(request, builder);
      }
      Map<String, List<String>> parameters = ProtoJson.parameters(request);
      ProtoJson.mergeParameters(parameters, builder);
      CallInfo info =
          request
              .context()
              .get(CallInfo.class)
              .orElseGet(() ->
                  new CallInfo(RequestIds.create(), Connections.client(request.remotePeer())));
      Object answer = LocalCall.run(typed, (Q) builder.build(), metadata(request), info);
      ProtoJson.write(response, (Message) answer);
    };
  }

  private static Message prototype(MethodDescriptor<? extends Message, ? extends Message> method) {
    if (method.getRequestMarshaller()
            instanceof MethodDescriptor.PrototypeMarshaller<? extends Message> marshaller
        && marshaller.getMessagePrototype() != null) {
      return marshaller.getMessagePrototype();
    }
    throw new IllegalArgumentException(
        method.getFullMethodName() + " does not say what its request looks like");
  }

  /** The request's headers, so that interceptors see the same on both protocols. */
  private static Metadata metadata(ServerRequest request) {
    Metadata metadata = new Metadata();
    for (Header header : request.headers()) {
      String name = header.headerName().lowerCase();
      if (!name.startsWith(":")
          && !name.startsWith("grpc-")
          && !name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        for (String value : header.allValues()) {
          metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        }
      }
    }
    return metadata;
  }
}
