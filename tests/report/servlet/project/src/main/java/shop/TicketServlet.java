package shop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.HttpClients;

public class TicketServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String token = tokenOf(request.getRemoteUser());
        HttpGet get = new HttpGet("https://desk.zoho.eu/api/v1/tickets?limit=10");
        get.addHeader("orgId", "600123");
        get.addHeader("Authorization", "Zoho-authtoken " + token);
        HttpClients.createDefault().execute(get);
    }
}
