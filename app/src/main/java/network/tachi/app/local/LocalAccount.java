package network.tachi.app.local;

import java.util.List;
import java.util.Locale;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.Keccak;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;

/**
 * The accounts of a local network. Their keys are made from their names, so everybody knows them;
 * they are for local chains only.
 */
public enum LocalAccount {
  /** Owns and deploys the contracts. */
  ADMIN,
  /** Hands out local USDC. */
  FAUCET,
  /** Says which domain claims were proven. */
  REGISTRAR,
  /** Rules on disputes. */
  ARBITER,
  /** Gets the protocol fee. */
  FEES,
  /** Posts headers on the settlement chain. */
  ORACLE_BASE,
  /** Anchors headers on the anchor chain. */
  ORACLE_ETHEREUM,
  /** Settles payments on the settlement chain. */
  GATEWAY_BASE,
  /** Signs headers. */
  ROOT_ONE,
  /** Signs headers. */
  ROOT_TWO,
  /** Signs headers. */
  ROOT_THREE,
  /** Signs usage attestations. */
  ATTESTATION;

  private static final int THRESHOLD = 2;

  /** The account's key. */
  public PrivateKey key() {
    String name = name().toLowerCase(Locale.ROOT).replace('_', '-');
    return PrivateKey.of(Keccak.hash("tachi local account " + name).toBytes());
  }

  /** Signs for the account. */
  public Signer signer() {
    return Signer.of(key());
  }

  /** The account's address. */
  public Address address() {
    return signer().address();
  }

  /** The root signers, ascending by address as a configuration wants them. */
  public static List<LocalAccount> rootSigners() {
    return List.of(ROOT_ONE, ROOT_TWO, ROOT_THREE).stream()
        .sorted(java.util.Comparator.comparing(LocalAccount::address))
        .toList();
  }

  /** The first signer configuration: two of three, with the attestation key. */
  public static SignerConfig signerConfig() {
    return new SignerConfig(
        1,
        THRESHOLD,
        rootSigners().stream().map(LocalAccount::address).toList(),
        ATTESTATION.address());
  }
}
