package network.tachi.contracts.web3j;

import static network.tachi.contracts.web3j.Bindings.ask;
import static network.tachi.contracts.web3j.Bindings.data;

import java.math.BigInteger;
import java.time.Duration;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import org.jspecify.annotations.NullMarked;
import org.web3j.contracts.eip165.generated.ERC165;
import org.web3j.contracts.eip721.generated.ERC721;
import org.web3j.contracts.eip721.generated.ERC721Metadata;

/** {@code CrawlLicense}: an ERC-721 whose tokens are publishers' licences. */
@NullMarked
public final class Licenses {
  private static final CrawlLicense ENCODER = Bindings.encoder(CrawlLicense::load);

  private final ERC165 interfaces;
  private final ERC721 tokens;
  private final ERC721Metadata metadata;
  private final CrawlLicense licenses;

  /** The licences on the head. */
  public Licenses(EthRpc rpc, Address contract) {
    this(rpc, contract, BlockTag.LATEST);
  }

  /** The licences as they are at a block. */
  public Licenses(EthRpc rpc, Address contract, BlockRef block) {
    interfaces = Bindings.at(rpc, contract, block, ERC165::load);
    tokens = Bindings.at(rpc, contract, block, ERC721::load);
    metadata = Bindings.at(rpc, contract, block, ERC721Metadata::load);
    licenses = Bindings.at(rpc, contract, block, CrawlLicense::load);
  }

  /**
   * Whether the contract says it has an interface (ERC-165).
   *
   * @param id four bytes
   */
  public boolean supportsInterface(Bytes id) {
    return ask(interfaces.supportsInterface(id.toArray()));
  }

  /** The holder of a licence; reverts if there is no such licence. */
  public Address ownerOf(LicenseId id) {
    return Bindings.address(tokens.ownerOf(id.toBigInteger()));
  }

  /** How many licences an account holds. */
  public long balanceOf(Address owner) {
    return ask(tokens.balanceOf(owner.toString())).longValueExact();
  }

  /** Where a licence's terms are found. */
  public String tokenUri(LicenseId id) {
    return ask(metadata.tokenURI(id.toBigInteger()));
  }

  /** The number of licences, and the last one's id. */
  public long totalSupply() {
    return ask(licenses.totalSupply()).longValueExact();
  }

  /** The licence that holds a verified domain; 0 if none. */
  public BigInteger licenseOf(Hash domainHash) {
    return ask(licenses.licenseOf(domainHash.toBytes()));
  }

  /** Whether a licence claims a domain, proven or not. */
  public boolean claims(LicenseId id, Hash domainHash) {
    return ask(licenses.claims(id.toBigInteger(), domainHash.toBytes()));
  }

  /** The dispute resolver; zero while there is none. */
  public Address resolver() {
    return Bindings.address(licenses.resolver());
  }

  /** The payment processor; zero while there is none. */
  public Address processor() {
    return Bindings.address(licenses.processor());
  }

  /** The admin. */
  public Address owner() {
    return Bindings.address(licenses.owner());
  }

  /** Who says which domain claims were proven. */
  public Address registrar() {
    return Bindings.address(licenses.registrar());
  }

  /** How long a new payout address waits. */
  public Duration payoutDelay() {
    return Bindings.seconds(licenses.payoutDelay());
  }

  /** Mints a licence to the sender; recovery may be zero. */
  public static Bytes mint(String termsUri, Address payout, Address recovery) {
    return data(ENCODER.mint(termsUri, payout.toString(), recovery.toString()));
  }

  /** Stops new payments; holder. */
  public static Bytes deactivate(LicenseId id) {
    return data(ENCODER.deactivate(id.toBigInteger()));
  }

  /** Names the licence's counterpart on another chain; holder. */
  public static Bytes link(LicenseId id, ChainId chain, LicenseId otherId) {
    BigInteger there = BigInteger.valueOf(chain.value());
    return data(ENCODER.link(id.toBigInteger(), there, otherId.toBigInteger()));
  }

  /** Claims a domain (lower case, A-labels); holder. */
  public static Bytes claimDomain(LicenseId id, String domain) {
    return data(ENCODER.claimDomain(id.toBigInteger(), domain));
  }

  /** Records the outcome of a domain proof; registrar. */
  public static Bytes setVerified(LicenseId id, Hash domainHash, boolean verified) {
    return data(ENCODER.setVerified(id.toBigInteger(), domainHash.toBytes(), verified));
  }

  /** Names the payment processor, once; admin. */
  public static Bytes setProcessor(Address processor) {
    return data(ENCODER.setProcessor(processor.toString()));
  }

  /** Names the dispute resolver, once; admin. */
  public static Bytes setResolver(Address resolver) {
    return data(ENCODER.setResolver(resolver.toString()));
  }
}
