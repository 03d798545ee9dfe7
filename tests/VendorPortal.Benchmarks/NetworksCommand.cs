using System.CommandLine;
using System.Globalization;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Enrichment.Networks;

namespace VendorPortal.Benchmarks;

/// <summary>Makes the data of networks that comes with the portal out of the files it is published as; see docs/decisions/ADR-009.</summary>
internal static class NetworksCommand
{
    public static Command Create()
    {
        var countries = new Option<DirectoryInfo>("--countries") { Description = "Folder with geo-whois-asn-country-ipv4.csv and …-ipv6.csv.", Required = true };
        var countriesFrom = new Option<string>("--countries-from") { Description = "Whose data that is.", DefaultValueFactory = _ => "Countries: NRO statistics by way of ip-location-db" };
        var countriesDate = new Option<string>("--countries-date") { Description = "Its date, YYYY-MM-DD.", Required = true };
        var clouds = new Option<DirectoryInfo>("--clouds") { Description = "Folder with lists <cloud>_ipv4_merged.txt and <cloud>_ipv6_merged.txt.", Required = true };
        var cloudsFrom = new Option<string>("--clouds-from") { Description = "Whose data that is.", DefaultValueFactory = _ => "Clouds: the providers' lists by way of lord-alfred/ipranges" };
        var cloudsDate = new Option<string>("--clouds-date") { Description = "Its date, YYYY-MM-DD.", Required = true };
        var file = new Option<FileInfo>("--out") { Description = "The file to write.", DefaultValueFactory = _ => new FileInfo("src/VendorPortal/Enrichment/Networks/networks.bin") };
        var command = new Command("build-networks", "Makes the data of networks that comes with the portal.") { countries, countriesFrom, countriesDate, clouds, cloudsFrom, cloudsDate, file };
        command.SetAction(parsed =>
        {
            var bytes = BuiltInNetworks.Write(
                Table(parsed.GetValue(countries)!, "geo-whois-asn-country-ipv?.csv", parsed.GetValue(countriesFrom)!, parsed.GetValue(countriesDate)!),
                Table(parsed.GetValue(clouds)!, "*_ipv?_merged.txt", parsed.GetValue(cloudsFrom)!, parsed.GetValue(cloudsDate)!));
            File.WriteAllBytes(parsed.GetValue(file)!.FullName, bytes);
            var made = BuiltInNetworks.Read(bytes);
            Console.Out.WriteLine(Report.Format($"{made.Countries.Ranges.Networks:N0} country ranges, {made.Hosts.Ranges.Networks:N0} cloud ranges, {bytes.Length:N0} bytes"));
        });
        return command;
    }

    private static BuiltInTable Table(DirectoryInfo folder, string pattern, string from, string date)
    {
        var ranges = new RangeTable.Builder();
        foreach (var file in folder.GetFiles(pattern).OrderBy(file => file.Name, StringComparer.Ordinal))
            NetworkText.Read(file.Name, File.ReadAllBytes(file.FullName), ranges);
        return new BuiltInTable(from, DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture), ranges.Build());
    }
}
