package network.tachi.chainconfig;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.evm.ChainId;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads the files of the networks that come with Tachi. */
final class NetworkFile {
  static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** The chains of all networks that come with Tachi. */
  static final List<String> CHAINS =
      List.of("base", "base-sepolia", "ethereum", "sepolia", "local-base", "local-ethereum");

  private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");
  private static final String WANTED = "an http or https URL, or a ws or wss URL for heads";

  private NetworkFile() {}

  static List<ChainSettings> read(String name, Map<String, String> environment) {
    try (InputStream in = NetworkFile.class.getResourceAsStream(name + ".yaml")) {
      if (in == null) {
        throw new ConfigException("network", name, "has no file");
      }
      return parse(name + ".yaml", in.readAllBytes(), environment);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read network " + name, e);
    }
  }

  static List<ChainSettings> parse(String source, byte[] yaml, Map<String, String> environment) {
    Section file = new Section(source, "", tree(source, yaml), environment, "");
    Section chains = file.section("chains");
    List<ChainSettings> settings = new ArrayList<>();
    for (String key : chains.keys()) {
      Section chain = chains.section(key, variable(key));
      settings.add(chain(key, chain, environment));
      chain.noOtherVariable(CHAINS.stream().map(NetworkFile::variable).toList());
    }
    if (settings.isEmpty()) {
      throw file.wrong("chains", "at least one chain", "none");
    }
    file.nothingElse();
    return settings;
  }

  /** How the variables of a chain begin. */
  private static String variable(String chain) {
    return "TACHI_" + Section.upper(chain);
  }

  static JsonNode tree(String source, byte[] yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JacksonException e) {
      throw new ConfigException(source, "file", "YAML", String.valueOf(e.getOriginalMessage()));
    }
  }

  private static ChainSettings chain(String key, Section section, Map<String, String> environment) {
    ChainId chain = ChainId.of(section.number("chain-id", 1, Long.MAX_VALUE));
    ChainRole role = section.choice("role", ChainRole.class);
    List<URI> endpoints = endpoints(section, environment);
    ChainSettings settings =
        new ChainSettings(
            key,
            chain,
            role,
            endpoints.stream().filter(uri -> !ChainSettings.isHeads(uri)).toList(),
            endpoints.stream().filter(ChainSettings::isHeads).toList(),
            Duration.ofMillis(section.number("block-time-ms", 1, 3_600_000)),
            Math.toIntExact(section.number("max-range", 1, 100_000)),
            usdc(section.section("usdc")),
            legacy(section));
    section.nothingElse();
    return settings;
  }

  private static UsdcConfig usdc(Section section) {
    UsdcConfig usdc =
        new UsdcConfig(section.address("address"), section.text("name"), section.text("version"));
    section.nothingElse();
    return usdc;
  }

  private static List<URI> endpoints(Section section, Map<String, String> environment) {
    List<URI> endpoints = new ArrayList<>();
    for (String text : section.texts("rpc")) {
      boolean secret = Secret.isReference(text);
      String url = secret ? Secret.read(text, "rpc", environment) : text;
      URI uri = uri(section, url, secret);
      boolean carriesSecret = uri.getUserInfo() != null || uri.getQuery() != null;
      if (carriesSecret && !secret) {
        throw section.wrong(
            "rpc",
            "a URL without user, password or query (name one with a secret as env:NAME or"
                + " file:PATH)",
            "one with");
      }
      endpoints.add(uri);
    }
    if (endpoints.stream().allMatch(ChainSettings::isHeads)) {
      throw section.wrong(
          "rpc", "at least one http or https URL (ws and wss only announce heads)", "none");
    }
    return endpoints;
  }

  private static URI uri(Section section, String url, boolean secret) {
    String shown = secret ? "something else" : url;
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null && uri.getScheme() != null && SCHEMES.contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw section.wrong("rpc", WANTED, shown);
    }
    throw section.wrong("rpc", WANTED, shown);
  }

  private static List<ContractAt> legacy(Section section) {
    Section legacy = section.section("legacy");
    List<ContractAt> contracts = new ArrayList<>();
    for (ContractName name : ContractName.values()) {
      if (name.isLegacy() && legacy.has(name.key())) {
        Section one = legacy.section(name.key());
        contracts.add(
            new ContractAt(
                name, one.address("address"), one.number("start-block", 0, Long.MAX_VALUE)));
        one.nothingElse();
      }
    }
    legacy.nothingElse();
    return contracts;
  }
}
