package network.tachi.contracts.deploy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.tachi.chainconfig.ChainRole;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Hex;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthRpc;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Says what a deployment would cost: lets the node simulate what is missing, one transaction after
 * the other ({@code eth_simulateV1}), and sends nothing.
 */
public final class DryRun {
  /** The most gas one transaction may use (EIP-7825). */
  private static final long TRANSACTION_CAP = 1 << 24;

  /** More than any deployment costs; the sender has it in the simulation only. */
  private static final String RICHES = Hex.quantity(BigInteger.ONE.shiftLeft(100));

  /** OP Stack's oracle of the fee for a transaction's bytes on Ethereum. */
  private static final Address GAS_PRICE_ORACLE =
      Address.parse("0x420000000000000000000000000000000000000F");

  /** Of signature, nonce, fees and list heads, at most. */
  private static final int ENVELOPE_BYTES = 150;

  private static final JsonFactory JSON = JsonFactory.builder().build();

  /**
   * One step and its cost.
   *
   * @param title what it does
   * @param stands whether nothing is left to do
   * @param gas it would use; 0 if it stands
   */
  public record Step(String title, boolean stands, long gas) {}

  /**
   * What all would cost at the present fees.
   *
   * @param steps all steps
   * @param weiPerGas next block's base fee and the tip that the node suggests
   * @param dataFee what the chain charges for the bytes on Ethereum, in wei, at most
   * @param balance of the sender, in wei
   */
  public record Cost(
      List<Step> steps, BigInteger weiPerGas, BigInteger dataFee, BigInteger balance) {
    /** Copies the list. */
    public Cost {
      steps = List.copyOf(steps);
    }

    /** Gas of all steps. */
    public long gas() {
      return steps.stream().mapToLong(Step::gas).sum();
    }

    /** Everything in wei. */
    public BigInteger wei() {
      return weiPerGas.multiply(BigInteger.valueOf(gas())).add(dataFee);
    }
  }

  private record Missing(String title, Address to, Bytes data) {}

  private final EthRpc rpc;
  private final Address sender;

  /** A dry run against a node, as if that account sent. */
  public DryRun(EthRpc rpc, Address sender) {
    this.rpc = rpc;
    this.sender = sender;
  }

  /**
   * The cost of what is missing on one chain.
   *
   * @throws DeploymentException if a step would fail, or could not be mined
   * @throws network.tachi.evm.rpc.RpcException if the node does not answer or can't simulate
   */
  public Cost estimate(DeploymentPlan plan, ChainRole role, Optional<Handover> handover) {
    Create2Factory.require(rpc);
    List<Step> standing = new ArrayList<>();
    List<Missing> missing = new ArrayList<>();
    for (PlannedStep step : plan.steps(role)) {
      note(step.title(), stands(step), step.to(), step.data(), standing, missing);
    }
    handover.ifPresent(to ->
        plan.owned(role)
            .forEach(each ->
                note(
                    each.name() + " proposed to its new owner",
                    hasCode(each.address()) && to.isProposed(rpc, each.address()),
                    each.address(),
                    to.proposal(),
                    standing,
                    missing)));
    List<Step> steps = new ArrayList<>(standing);
    List<Long> gas = simulate(missing);
    BigInteger dataFee = BigInteger.ZERO;
    for (int i = 0; i < missing.size(); i++) {
      Missing each = missing.get(i);
      if (gas.get(i) > TRANSACTION_CAP) {
        throw new DeploymentException(
            each.title()
                + " needs "
                + gas.get(i)
                + " gas; no transaction may use more than "
                + TRANSACTION_CAP);
      }
      steps.add(new Step(each.title(), false, gas.get(i)));
      dataFee = dataFee.add(dataFee(each.data()));
    }
    BigInteger base = rpc.feeHistory(1, BlockTag.LATEST, List.of()).nextBaseFee();
    return new Cost(
        steps, base.add(rpc.maxPriorityFeePerGas()), dataFee, rpc.balance(sender, BlockTag.LATEST));
  }

  private static void note(
      String title,
      boolean stands,
      Address to,
      Bytes data,
      List<Step> standing,
      List<Missing> missing) {
    if (stands) {
      standing.add(new Step(title, true, 0));
    } else {
      missing.add(new Missing(title, to, data));
    }
  }

  private boolean stands(PlannedStep step) {
    return switch (step) {
      case PlannedStep.Create create -> hasCode(create.address());
      case PlannedStep.Set set ->
          hasCode(set.to()) && set.expected().equals(Readings.address(rpc, set.to(), set.getter()));
    };
  }

  private boolean hasCode(Address address) {
    return !rpc.code(address, BlockTag.LATEST).isEmpty();
  }

  /** At most, by the OP Stack's own word; 0 on a chain without that oracle. */
  private BigInteger dataFee(Bytes data) {
    if (!hasCode(GAS_PRICE_ORACLE)) {
      return BigInteger.ZERO;
    }
    Bytes answer =
        rpc.call(
            CallRequest.to(
                GAS_PRICE_ORACLE,
                Abi.call("getL1FeeUpperBound", Abi.uint256(data.size() + ENVELOPE_BYTES))),
            BlockTag.LATEST);
    return Hash.of(answer.toArray()).toUint();
  }

  private List<Long> simulate(List<Missing> missing) {
    if (missing.isEmpty()) {
      return List.of();
    }
    StringBuilder blocks = new StringBuilder();
    String overrides = "\"stateOverrides\":{\"" + sender + "\":{\"balance\":\"" + RICHES + "\"}},";
    for (Missing each : missing) {
      blocks
          .append(blocks.isEmpty() ? "{" + overrides : ",{")
          .append("\"calls\":[{\"from\":\"")
          .append(sender)
          .append("\",\"to\":\"")
          .append(each.to())
          .append("\",\"data\":\"")
          .append(each.data())
          .append("\"}]}");
    }
    String reply =
        rpc.request("eth_simulateV1", "[{\"blockStateCalls\":[" + blocks + "]},\"latest\"]");
    return gasOf(reply, missing);
  }

  private static List<Long> gasOf(String reply, List<Missing> missing) {
    List<Long> gas = new ArrayList<>();
    List<Boolean> succeeded = new ArrayList<>();
    int inCalls = 0;
    int depth = 0;
    String field = "";
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), reply)) {
      while (in.nextToken() != null) {
        JsonToken token = in.currentToken();
        switch (token) {
          case PROPERTY_NAME -> field = in.currentName();
          case START_ARRAY, START_OBJECT -> {
            depth++;
            if (token == JsonToken.START_ARRAY && field.equals("calls")) {
              inCalls = depth;
            }
          }
          case END_ARRAY, END_OBJECT -> {
            inCalls = depth == inCalls ? 0 : inCalls;
            depth--;
          }
          case VALUE_STRING -> {
            if (inCalls > 0 && depth == inCalls + 1 && field.equals("gasUsed")) {
              gas.add(Hex.parseQuantity(field, in.getString()));
            }
            if (inCalls > 0 && depth == inCalls + 1 && field.equals("status")) {
              succeeded.add(in.getString().equals("0x1"));
            }
          }
          default -> {}
        }
      }
    }
    int failed = succeeded.indexOf(false);
    if (failed >= 0 && failed < missing.size()) {
      throw new DeploymentException("this step would fail: " + missing.get(failed).title());
    }
    if (gas.size() != missing.size() || succeeded.size() != missing.size()) {
      throw new DeploymentException(
          "the node simulated " + gas.size() + " of " + missing.size() + " transactions");
    }
    return gas;
  }
}
