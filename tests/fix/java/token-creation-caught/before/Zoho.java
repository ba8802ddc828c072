import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;

public class Zoho {
    private static final Pattern TOKEN = Pattern.compile("AUTHTOKEN=(\\w+)");
    private final CloseableHttpClient client;

    public Zoho(CloseableHttpClient client) {
        this.client = client;
    }

    private String token(String user, String password) {
        try {
            HttpPost post = new HttpPost("https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoBooks/booksapi&EMAIL_ID="
                + user + "&PASSWORD=" + password);
            String answer = EntityUtils.toString(client.execute(post).getEntity());
            Matcher matcher = TOKEN.matcher(answer);
            return matcher.find() ? matcher.group(1) : null;
        } catch (Exception e) {
            e.printStackTrace();
            return null;
        }
    }

    public String invoices(String user, String password) throws Exception {
        HttpGet get = new HttpGet("https://books.zoho.com/api/v3/invoices?authtoken=" + token(user, password));
        return EntityUtils.toString(client.execute(get).getEntity());
    }
}
