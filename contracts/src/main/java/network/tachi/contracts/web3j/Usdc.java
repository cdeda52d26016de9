package network.tachi.contracts.web3j;

import static network.tachi.contracts.web3j.Bindings.ask;
import static network.tachi.contracts.web3j.Bindings.data;

import java.math.BigInteger;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import org.jspecify.annotations.NullMarked;
import org.web3j.contracts.eip20.generated.ERC20;

/** USDC: an ERC-20 with Circle's EIP-2612, EIP-3009 and minters (FiatTokenV2_2). */
@NullMarked
public final class Usdc {
  private static final LocalUsdc ENCODER = Bindings.encoder(LocalUsdc::load);

  private final ERC20 token;
  private final LocalUsdc usdc;

  /** The token on the head. */
  public Usdc(EthRpc rpc, Address contract) {
    this(rpc, contract, BlockTag.LATEST);
  }

  /** The token as it is at a block. */
  public Usdc(EthRpc rpc, Address contract, BlockRef block) {
    token = Bindings.at(rpc, contract, block, ERC20::load);
    usdc = Bindings.at(rpc, contract, block, LocalUsdc::load);
  }

  /** The token's name. */
  public String name() {
    return ask(token.name());
  }

  /** The token's symbol. */
  public String symbol() {
    return ask(token.symbol());
  }

  /** How many decimals a whole token has. */
  public int decimals() {
    return ask(token.decimals()).intValueExact();
  }

  /** All there is. */
  public UsdcAmount totalSupply() {
    return UsdcAmount.of(ask(token.totalSupply()));
  }

  /** An account's balance. */
  public UsdcAmount balanceOf(Address account) {
    return UsdcAmount.of(ask(token.balanceOf(account.toString())));
  }

  /** What a spender may still take; unlimited allowances are wider than an amount. */
  public BigInteger allowance(Address owner, Address spender) {
    return ask(token.allowance(owner.toString(), spender.toString()));
  }

  /** The next EIP-2612 nonce of an owner. */
  public BigInteger nonces(Address owner) {
    return ask(usdc.nonces(owner.toString()));
  }

  /** What an account may still mint. */
  public BigInteger minterAllowance(Address minter) {
    return ask(usdc.minterAllowance(minter.toString()));
  }

  /** The separator of the EIP-712 domain. */
  public Hash domainSeparator() {
    return Hash.of(ask(usdc.DOMAIN_SEPARATOR()));
  }

  /** Moves USDC by an EIP-3009 authorisation; anyone. */
  public static Bytes transferWithAuthorization(
      Eip3009.Authorization authorization, Bytes signature) {
    return data(
        ENCODER.transferWithAuthorization(
            authorization.from().toString(),
            authorization.to().toString(),
            authorization.value().toBigInteger(),
            authorization.validAfter(),
            authorization.validBefore(),
            authorization.nonce().toBytes(),
            signature.toArray()));
  }

  /** Mints; a minter. Local chains only. */
  public static Bytes mint(Address to, UsdcAmount amount) {
    return data(ENCODER.mint(to.toString(), amount.toBigInteger()));
  }

  /** Allows an account to mint; master minter. Local chains only. */
  public static Bytes configureMinter(Address minter, UsdcAmount allowance) {
    return data(ENCODER.configureMinter(minter.toString(), allowance.toBigInteger()));
  }

  /** Names the token and gives every role to one account, once. Local chains only. */
  public static Bytes initialize(String name, Address roles) {
    String all = roles.toString();
    BigInteger decimals = BigInteger.valueOf(UsdcAmount.DECIMALS);
    return data(ENCODER.initialize(name, "USDC", "USD", decimals, all, all, all, all));
  }

  /** Puts the code of the token behind its proxy, once. Local chains only. */
  public static Bytes install(Address implementation, Address proxyAdmin) {
    return data(
        Bindings.encoder(LocalUsdcProxy::load)
            .install(implementation.toString(), proxyAdmin.toString()));
  }
}
