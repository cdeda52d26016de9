package network.tachi.evm;

/** The selectors of the reasons that Solidity itself gives. */
final class RevertSelectors {
  static final Selector ERROR = Selector.of("Error(string)");
  static final Selector PANIC = Selector.of("Panic(uint256)");

  private RevertSelectors() {}
}
