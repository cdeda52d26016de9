package network.tachi.contracts.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Abi;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A compiled contract, as the build wrote it.
 *
 * @param name the contract's name
 * @param creation init code without constructor arguments
 * @param runtime deployed code, with zeros where immutables go
 * @param immutables where 32-byte immutables stand in the deployed code
 * @param signatures signatures by kind: {@code functions}, {@code events}, {@code errors}
 */
record Artifact(
    String name,
    Bytes creation,
    Bytes runtime,
    List<Integer> immutables,
    Map<String, List<String>> signatures) {
  private static final JsonFactory JSON = JsonFactory.builder().build();

  Artifact {
    immutables = List.copyOf(immutables);
    signatures = Map.copyOf(signatures);
  }

  /** Reads a contract's artifact from the class path. */
  static Artifact load(String name) {
    try (InputStream in = Artifact.class.getResourceAsStream("artifact/" + name + ".json")) {
      if (in == null) {
        throw new DeploymentException("no compiled contract " + name + "; build the module again");
      }
      return read(name, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Artifact read(String name, byte[] json) {
    Map<String, String> texts = new HashMap<>();
    Map<String, List<String>> lists = new HashMap<>();
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
      String field = "";
      while (in.nextToken() != null) {
        switch (in.currentToken()) {
          case PROPERTY_NAME -> field = in.currentName();
          case VALUE_STRING -> texts.put(field, in.getString());
          case START_ARRAY -> lists.put(field, strings(in));
          default -> {}
        }
      }
    }
    return new Artifact(
        name,
        Bytes.parse(texts.getOrDefault("creation", "0x")),
        Bytes.parse(texts.getOrDefault("runtime", "0x")),
        lists.getOrDefault("immutables", List.of()).stream().map(Integer::valueOf).toList(),
        lists);
  }

  private static List<String> strings(JsonParser in) {
    List<String> items = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      items.add(in.getString());
    }
    return items;
  }

  /** Init code with constructor arguments. */
  Bytes initCode(AbiValue... arguments) {
    byte[] encoded = Abi.encode(arguments).toArray();
    byte[] code = Arrays.copyOf(creation.toArray(), creation.size() + encoded.length);
    System.arraycopy(encoded, 0, code, creation.size(), encoded.length);
    return Bytes.wrap(code);
  }

  /** Whether deployed code is this contract's, whatever its immutables are. */
  boolean isRuntime(Bytes deployed) {
    if (deployed.size() != runtime.size()) {
      return false;
    }
    byte[] masked = deployed.toArray();
    for (int start : immutables) {
      Arrays.fill(masked, start, start + Hash.SIZE, (byte) 0);
    }
    return Bytes.wrap(masked).equals(runtime);
  }
}
