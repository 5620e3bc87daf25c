// BetaVAE
