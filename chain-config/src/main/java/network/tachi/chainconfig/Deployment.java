package network.tachi.chainconfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a deployment left behind, as its file keeps it.
 *
 * @param network the network's name
 * @param deploymentId wire.md section 1
 * @param contracts the contracts by chain
 */
public record Deployment(
    String network, Hash deploymentId, Map<ChainId, List<ContractAt>> contracts) {
  /** Copies the map. */
  public Deployment {
    Map<ChainId, List<ContractAt>> copy = new TreeMap<>();
    contracts.forEach((chain, list) -> copy.put(chain, List.copyOf(list)));
    contracts = java.util.Collections.unmodifiableMap(copy);
  }

  /**
   * Reads a deployment file.
   *
   * @throws ConfigException if it is not one
   */
  public static Deployment read(Path file) {
    try {
      String source = String.valueOf(file.getFileName());
      return parse(source, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  static Deployment parse(String source, byte[] yaml) {
    Section file = new Section(source, "", NetworkFile.tree(source, yaml), Map.of(), "");
    Map<ChainId, List<ContractAt>> contracts = new LinkedHashMap<>();
    Section chains = file.section("chains");
    for (String chain : chains.keys()) {
      contracts.put(chainId(chains, chain), contracts(chains.section(chain)));
    }
    Deployment deployment =
        new Deployment(file.text("network"), file.hash("deployment-id"), contracts);
    file.nothingElse();
    return deployment;
  }

  /**
   * This deployment with the start blocks of an earlier file where that names the same contract: a
   * node that has pruned old states can no longer say when a contract was made.
   */
  public Deployment keepingStartBlocksOf(Path file) {
    if (!Files.exists(file)) {
      return this;
    }
    Map<ChainId, List<ContractAt>> before = read(file).contracts();
    Map<ChainId, List<ContractAt>> kept = new LinkedHashMap<>();
    contracts.forEach((chain, list) ->
        kept.put(
            chain,
            list.stream()
                .map(each -> earlier(before.getOrDefault(chain, List.of()), each))
                .toList()));
    return new Deployment(network, deploymentId, kept);
  }

  /**
   * This deployment with the chains that only an earlier file of the same deployment has, for one
   * that is made chain by chain.
   */
  public Deployment keepingChainsOf(Path file) {
    if (!Files.exists(file)) {
      return this;
    }
    Deployment before = read(file);
    if (!before.deploymentId().equals(deploymentId)) {
      return this;
    }
    Map<ChainId, List<ContractAt>> all = new LinkedHashMap<>(before.contracts());
    all.putAll(contracts);
    return new Deployment(network, deploymentId, all);
  }

  private static ContractAt earlier(List<ContractAt> before, ContractAt now) {
    return before.stream()
        .filter(each -> each.name() == now.name() && each.address().equals(now.address()))
        .findFirst()
        .orElse(now);
  }

  /** Writes the file; whoever reads sees the old one or the new one, never half of one. */
  public void write(Path file) {
    ObjectNode root = NetworkFile.YAML.createObjectNode();
    root.put("network", network);
    root.put("deployment-id", deploymentId.toString());
    ObjectNode chains = root.putObject("chains");
    contracts.forEach((chain, list) -> {
      ObjectNode one = chains.putObject(chain.toString());
      for (ContractAt contract : list) {
        ObjectNode entry = one.putObject(contract.name().key());
        entry.put("address", contract.address().toString());
        entry.put("start-block", contract.startBlock());
      }
    });
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.write(next, NetworkFile.YAML.writeValueAsBytes(root));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static ChainId chainId(Section chains, String text) {
    try {
      return ChainId.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw chains.wrong(text, "a chain id", text);
    }
  }

  private static List<ContractAt> contracts(Section section) {
    List<ContractAt> list = new ArrayList<>();
    for (ContractName name : ContractName.values()) {
      if (section.has(name.key())) {
        Section one = section.section(name.key());
        list.add(
            new ContractAt(
                name, one.address("address"), one.number("start-block", 0, Long.MAX_VALUE)));
        one.nothingElse();
      }
    }
    section.nothingElse();
    return list;
  }
}
