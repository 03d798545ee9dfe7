using System.Text.Unicode;
using CsvHelper;
using VendorPortal.Enrichment;
using VendorPortal.Hosting;

namespace VendorPortal.Usage;

/// <summary>
/// Reads a list of members: a header row, columns in any order, others ignored, UTF-8, comma or semicolon. Only <c>username</c> is required; beside it
/// <c>name</c>, <c>email</c>, <c>type</c>, <c>role</c>, <c>teams</c>, <c>date joined</c> and <c>last logged-in date</c>, in the spelling of the exported
/// file or shorter. All errors are collected, up to <see cref="CustomerCsv.MaxErrors"/>, so that a file can be mended in one go.
/// </summary>
public sealed record MemberCsv(IReadOnlyList<MemberFacts> Rows, IReadOnlyList<CustomerCsvError> Errors)
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = CustomerCsv.MaxBytes;

    public const int MaxRows = 20_000;

    private static readonly string[] Known = ["username", "name", "email", "type", "role", "teams", "datejoined", "lastloggedindate"];

    /// <summary>Reads a file held in memory.</summary>
    public static MemberCsv Parse(byte[] file)
    {
        if (file.Length > MaxBytes)
            return Failed($"The file is larger than {MaxBytes / 1024 / 1024} MB.");
        return Utf8.IsValid(file) ? new Parser(file).Run() : Failed("The file is not UTF-8; save it as \"CSV UTF-8\".");
    }

    private static MemberCsv Failed(string message) => new([], [new CustomerCsvError(null, null, message)]);

    private sealed class Parser(byte[] file)
    {
        private readonly List<MemberFacts> rows = [];
        private readonly List<CustomerCsvError> errors = [];
        private readonly Dictionary<string, int> lineOf = new(StringComparer.Ordinal);
        private int[] at = [];
        private int line;

        public MemberCsv Run()
        {
            var options = new CsvReaderOptions
            {
                TrimWhitespace = true,
                TrimInsideQuotes = true,
                TrackLineNumbers = true,
                OnMalformedRecord = record => errors.Add(new CustomerCsvError((int)record.LineNumber, null, "The row cannot be read; look at its quotes.")),
            };
            using var reader = CsvReader.Create(file, options);
            ReadHeader(reader);
            while (errors.Count < CustomerCsv.MaxErrors && at[0] >= 0 && reader.Read())
            {
                line = (int)reader.LineNumber;
                if (rows.Count == MaxRows)
                {
                    errors.Add(new CustomerCsvError(line, null, $"The file has more than {MaxRows:N0} rows; split it."));
                    break;
                }

                ReadRow(reader);
            }

            if (at[0] >= 0 && rows.Count == 0 && errors.Count == 0)
                errors.Add(new CustomerCsvError(null, null, "The file has a header but no rows."));
            return new MemberCsv(rows, errors);
        }

        private void ReadHeader(CsvReader reader)
        {
            var headers = reader.Headers.Select(Column).ToList();
            at = [.. Known.Select(name => headers.IndexOf(name))];
            if (at[0] < 0)
                errors.Add(new CustomerCsvError(1, null, "The first row must name the columns, with 'username' among them: name,username,email,type,role,teams,date joined,last logged-in date."));
            foreach (var twice in headers.Where(Known.Contains).GroupBy(h => h, StringComparer.Ordinal).Where(g => g.Count() > 1))
                errors.Add(new CustomerCsvError(1, twice.Key, "The column is there more than once."));
        }

        // "Last Logged-In Date", "last_logged_in_date" and "last log-in" are one.
        private static string Column(string header)
        {
            var name = string.Concat(header.ToLowerInvariant().Where(char.IsAsciiLetter));
            return name switch
            {
                "joined" => "datejoined",
                "lastlogin" or "lastloggedin" => "lastloggedindate",
                "mail" or "emailaddress" => "email",
                "user" => "username",
                "team" => "teams",
                _ => name,
            };
        }

        private void ReadRow(CsvReader reader)
        {
            var before = errors.Count;
            var facts = new MemberFacts(
                Cell(reader, 0, text => InputException.Require("The user name", text, Storage.Entities.ProductUser.MaxUsername)) ?? "",
                Cell(reader, 1), Cell(reader, 2, CustomerDirectory.CheckEmail), Cell(reader, 3), Cell(reader, 4), Cell(reader, 5), Time(reader, 6), Time(reader, 7));
            if (errors.Count > before)
                return;
            if (!lineOf.TryAdd(UsagePeople.KeyOf(facts.Username), line))
            {
                Add("username", $"'{facts.Username}' is also in line {lineOf[UsagePeople.KeyOf(facts.Username)]}.");
                return;
            }

            try
            {
                rows.Add(facts.Clean());
            }
            catch (InputException exception)
            {
                Add(null, exception.Message);
            }
        }

        private string? Cell(CsvReader reader, int column, Func<string, string?>? check = null)
        {
            if (at[column] < 0)
                return null;
            try
            {
                var text = Unguarded(reader.GetString(at[column]));
                return check is null ? text : check(text);
            }
            catch (InputException exception)
            {
                Add(Known[column], exception.Message);
                return null;
            }
        }

        private DateTime? Time(CsvReader reader, int column)
        {
            try
            {
                return at[column] < 0 ? null : MemberFacts.CleanTime(column == 6 ? "The date joined" : "The last log-in", reader.GetString(at[column]));
            }
            catch (InputException exception)
            {
                Add(Known[column], exception.Message);
                return null;
            }
        }

        // An exported file has an apostrophe before what a spreadsheet would run; here it comes back.
        private static string Unguarded(string text) => text is ['\'', '=' or '+' or '-' or '@', ..] ? text[1..] : text;

        private void Add(string? column, string message) => errors.Add(new CustomerCsvError(line, column, message));
    }
}
