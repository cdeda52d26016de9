import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.web3j.codegen.SolidityFunctionWrapper;
import org.web3j.protocol.ObjectMapperFactory;
import org.web3j.protocol.core.methods.response.AbiDefinition;
import org.web3j.abi.datatypes.Address;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes of Foundry's output what the Java side needs: web3j bindings of the functions, and one small artifact per
 * contract with its code and the signatures of its functions, events and errors. The build runs it when a contract
 * changed: {@code java GenerateBindings.java <forge out> <java sources> <resources> <contract>...}
 *
 * <p>Events get no bindings: {@code network.tachi.contracts.event} reads them.
 */
final class GenerateBindings {
  private static final String PACKAGE = "network.tachi.contracts.web3j";
  private static final String SUPPRESSED = "@SuppressWarnings(\"rawtypes\")";
  private static final JsonMapper JSON = JsonMapper.shared();

  private GenerateBindings() {}

  public static void main(String[] args) throws Exception {
    Path out = Path.of(args[0]);
    Path sources = Path.of(args[1]);
    Path artifacts = Files.createDirectories(Path.of(args[2]).resolve("network/tachi/contracts/deploy/artifact"));
    for (String name : List.of(args).subList(3, args.length)) {
      JsonNode compiled = JSON.readTree(out.resolve(name + ".sol/" + name + ".json").toFile());
      bind(name, compiled, sources);
      Files.writeString(artifacts.resolve(name + ".json"), artifact(name, compiled).toString());
    }
  }

  private static void bind(String name, JsonNode compiled, Path sources) throws Exception {
    ArrayNode functions = JSON.createArrayNode();
    for (JsonNode item : compiled.required("abi")) {
      String type = item.required("type").asString();
      if (type.equals("function") || type.equals("constructor")) {
        functions.add(item);
      }
    }
    List<AbiDefinition> abi =
        List.of(ObjectMapperFactory.getObjectMapper().readValue(functions.toString(), AbiDefinition[].class));
    String code = compiled.required("bytecode").required("object").asString();
    new SolidityFunctionWrapper(true, false, false, Address.DEFAULT_LENGTH)
        .generateJavaFiles(name, code, abi, sources.toString(), PACKAGE, Map.of());
    Path source = sources.resolve(PACKAGE.replace('.', '/')).resolve(name + ".java");
    String text = Files.readString(source);
    Files.writeString(source, text.replace(SUPPRESSED, "@SuppressWarnings({\"rawtypes\", \"unchecked\"})"));
  }

  private static ObjectNode artifact(String name, JsonNode compiled) {
    ObjectNode node = JSON.createObjectNode().put("name", name);
    JsonNode creation = compiled.required("bytecode");
    JsonNode runtime = compiled.required("deployedBytecode");
    node.put("creation", creation.required("object").asString());
    node.put("runtime", runtime.required("object").asString());
    ArrayNode immutables = node.putArray("immutables");
    JsonNode references = runtime.path("immutableReferences");
    references.values().forEach(places -> places.forEach(place -> immutables.add(place.required("start").asInt())));
    for (String type : List.of("function", "event", "error")) {
      ArrayNode signatures = node.putArray(type + "s");
      for (JsonNode item : compiled.required("abi")) {
        if (item.required("type").asString().equals(type)) {
          signatures.add(item.required("name").asString() + types(item.required("inputs")));
        }
      }
    }
    return node;
  }

  private static String types(JsonNode inputs) {
    StringJoiner types = new StringJoiner(",", "(", ")");
    for (JsonNode input : inputs) {
      String type = input.required("type").asString();
      types.add(type.startsWith("tuple") ? types(input.required("components")) + type.substring(5) : type);
    }
    return types.toString();
  }
}
