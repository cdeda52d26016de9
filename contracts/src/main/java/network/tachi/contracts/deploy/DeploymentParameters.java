package network.tachi.contracts.deploy;

import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.InvalidValueException;

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
    SignerConfig signers,
    Windows windows) {
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
