package network.tachi.contracts.deploy;

import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.UsdcAmount;

/**
 * All that decides what a network's contracts are. The same parameters always give the same
 * addresses.
 *
 * @param network its name; part of the addresses
 * @param admin owns the contracts; must be the sender of the deployment for the contracts to be
 *     wired by it
 * @param registrar says which domain claims were proven
 * @param arbiter rules on disputes
 * @param feeRecipient gets the protocol fee
 * @param feeBps the protocol fee in basis points, at most 500
 * @param demandFee what a demand about a pending header costs; more than the gas of an answer
 * @param signers the first signer configuration, version 1
 * @param windows windows and delays
 */
public record DeploymentParameters(
    String network,
    Address admin,
    Address registrar,
    Address arbiter,
    Address feeRecipient,
    int feeBps,
    UsdcAmount demandFee,
    SignerConfig signers,
    Windows windows) {
  /** What a demand costs unless it is said otherwise: the gas of an answer at 1 gwei. */
  public static final UsdcAmount DEMAND_FEE = UsdcAmount.parseUsdc("1");

  private static final int MAX_FEE_BPS = 500;

  /** Checks fee and configuration version. */
  public DeploymentParameters {
    if (feeBps < 0 || feeBps > MAX_FEE_BPS) {
      throw new InvalidValueException("feeBps", "0 to " + MAX_FEE_BPS, Integer.toString(feeBps));
    }
    if (signers.version() != 1) {
      throw new InvalidValueException(
          "signer configuration", "version 1", Long.toString(signers.version()));
    }
  }
}
