import org.apache.http.client.methods.HttpPatch;
import org.apache.http.impl.client.HttpClients;

public class Nightly {
    public static void main(String[] args) throws Exception {
        HttpPatch patch = new HttpPatch("https://desk.zoho.com/api/v1/tickets/" + args[0]);
        patch.addHeader("Authorization", "Zoho-authtoken " + System.getenv("ZOHO_AUTHTOKEN"));
        HttpClients.createDefault().execute(patch);
    }
}
