package network.tachi.contracts.deploy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Bytes;
import network.tachi.evm.RevertReason;
import network.tachi.evm.Selector;

/** Names the custom errors of our contracts. */
public final class ContractErrors {
  private static final Map<Selector, String> SIGNATURES = load();

  private ContractErrors() {}

  /** Why a call reverted, with the error's name and its words if it is one of ours. */
  public static String describe(RevertReason reason) {
    if (reason instanceof RevertReason.Custom(Selector selector, Bytes data)) {
      String signature = SIGNATURES.get(selector);
      if (signature != null) {
        return signature + " " + data.slice(Selector.SIZE, data.size());
      }
    }
    return reason.toString();
  }

  private static Map<Selector, String> load() {
    Map<Selector, String> signatures = new HashMap<>();
    for (String contract : Contracts.ALL) {
      for (String error : Artifact.load(contract).signatures().getOrDefault("errors", List.of())) {
        signatures.put(Selector.of(error), error);
      }
    }
    return Map.copyOf(signatures);
  }
}
