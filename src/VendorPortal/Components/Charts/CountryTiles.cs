namespace VendorPortal.Components.Charts;

/// <summary>Where a country stands on the map of tiles, one tile each, roughly where it lies. Some small ones have none.</summary>
public sealed record CountryTile(string Code, int Column, int Row);

/// <summary>The map of tiles.</summary>
public static class CountryTiles
{
    private const string Rows = """
        .. .. .. .. .. .. .. GL .. .. .. IS .. .. NO SE FI .. .. .. .. .. RU .. .. .. ..
        .. CA .. .. .. .. .. .. .. .. IE GB .. DK .. EE LV LT BY .. .. .. .. MN .. .. ..
        .. US .. .. .. BM .. .. .. .. .. NL BE DE PL CZ SK UA MD .. KZ KG .. CN KP KR JP
        .. MX .. .. BS .. .. .. .. .. FR LU CH LI AT HU RO .. GE AM UZ TJ .. .. TW .. ..
        .. GT BZ CU HT DO PR .. .. PT ES MC IT SI HR RS BG TR AZ TM AF .. NP BT HK MO ..
        .. SV HN JM KN AG DM .. .. GI AD SM VA BA ME XK MK CY SY IR PK IN BD MM LA VN ..
        .. .. NI .. VC LC BB .. .. .. .. MT .. .. AL GR .. LB IQ .. .. .. .. TH KH PH ..
        .. .. CR PA .. GD TT .. .. MA DZ TN LY EG .. IL JO PS KW BH QA LK MV .. MY SG BN
        .. .. .. CO VE GY SR GF CV MR ML NE TD SD .. .. SA AE OM .. .. .. .. ID TL PG ..
        .. .. .. EC BR .. .. .. SN GM BF NG CF SS ER DJ YE .. .. .. .. .. .. .. .. SB ..
        .. .. .. PE BO PY .. .. GW SL GN BJ CM CD ET SO .. .. SC .. .. .. AU .. .. VU NC
        .. .. .. CL AR UY .. .. LR CI GH TG GQ CG UG KE .. .. .. .. .. .. .. .. .. FJ ..
        .. .. .. .. FK .. .. .. .. .. .. ST GA RW BI TZ KM .. .. .. .. .. .. .. NZ TO WS
        .. .. .. .. .. .. .. .. .. .. .. .. AO ZM MW MZ MG MU RE .. .. .. .. .. .. .. ..
        .. .. .. .. .. .. .. .. .. .. .. .. NA BW ZW SZ .. .. .. .. .. .. .. .. .. .. ..
        .. .. .. .. .. .. .. .. .. .. .. .. .. ZA LS .. .. .. .. .. .. .. .. .. .. .. ..
        """;

    public static readonly IReadOnlyList<CountryTile> All =
        [.. Rows.Split('\n').SelectMany((row, y) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select((code, x) => new CountryTile(code, x, y))).Where(tile => tile.Code != "..")];

    public static int Columns { get; } = All.Max(tile => tile.Column) + 1;

    public static int Lines { get; } = All.Max(tile => tile.Row) + 1;
}
